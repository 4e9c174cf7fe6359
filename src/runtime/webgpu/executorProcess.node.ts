import { setImmediate } from 'node:timers/promises'
import { expose } from '../comlink.ts'
import { nodeEndpoint } from '../nodeEndpoint.ts'
import { loadDawn } from './dawn.node.ts'
import { webGpuExecutor } from './executor.ts'
import { processPort } from './processPort.node.ts'
import { remoteGpuExecutor } from './remoteGpuExecutor.ts'

/** Node's GPU process: one WebGPU executor behind Comlink. Messages that come while Dawn is loaded wait in the channel. */
// A terminal sends its signals to every process. The one that owns this one decides when it ends, and takes it along.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
const dawn = await loadDawn()
const parts = dawn.status === 'loaded' ? dawn : { gpu: undefined, whyNoGpu: dawn.why }
expose(
  remoteGpuExecutor((fetchKernel) =>
    webGpuExecutor({ ...parts, fetchKernel, yieldToEventLoop: () => setImmediate() }),
  ),
  nodeEndpoint(processPort(process)),
)
