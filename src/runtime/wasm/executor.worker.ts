import { expose } from '../comlink.ts'
import { remoteExecutor } from '../remoteExecutor.ts'
import { yieldByMessage } from '../yieldByMessage.ts'
import { wasmExecutor } from './executor.ts'

/** The browser's worker: one WASM executor behind Comlink. */
const yieldToEventLoop = yieldByMessage()
expose(remoteExecutor((fetchKernel) => wasmExecutor({ fetchKernel, yieldToEventLoop })))
