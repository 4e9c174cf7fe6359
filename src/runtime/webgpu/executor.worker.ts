import { expose } from '../comlink.ts'
import { yieldByMessage } from '../yieldByMessage.ts'
import { webGpuExecutor } from './executor.ts'
import { remoteGpuExecutor } from './remoteGpuExecutor.ts'

/** The browser's worker: one WebGPU executor behind Comlink. */
const yieldToEventLoop = yieldByMessage()
// The library's type promises it, insecure pages and older browsers do not have it.
const gpu: GPU | undefined = navigator.gpu
const whyNoGpu = 'this browser has no WebGPU, or not on this page'
expose(
  remoteGpuExecutor((fetchKernel) =>
    webGpuExecutor({ gpu, whyNoGpu, fetchKernel, yieldToEventLoop }),
  ),
)
