import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { expose } from '../comlink.ts'
import { nodeEndpoint } from '../nodeEndpoint.ts'
import { remoteExecutor } from '../remoteExecutor.ts'
import { wasmExecutor } from './executor.ts'

/** Node's worker thread: one WASM executor behind Comlink. */
if (parentPort === null) throw new Error('This module runs in a worker thread.')
expose(
  remoteExecutor((fetchKernel) =>
    wasmExecutor({ fetchKernel, yieldToEventLoop: () => setImmediate() }),
  ),
  nodeEndpoint(parentPort),
)
