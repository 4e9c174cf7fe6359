import type { FetchKernel } from '../executor.ts'
import { remoteExecutor, type RemoteExecutor } from '../remoteExecutor.ts'
import type { GpuOpening } from './adapter.ts'
import type { WebGpuExecutor } from './executor.ts'

/** What a GPU worker offers. It has `GPU_LANES` lanes. */
export interface RemoteGpuExecutor extends RemoteExecutor {
  /** Opens the GPU, if that was not done yet, and says what there is. */
  open(): Promise<GpuOpening>
}

/** @param makeExecutor makes the executor that runs what the pool sends */
export function remoteGpuExecutor(
  makeExecutor: (fetchKernel: FetchKernel) => WebGpuExecutor,
): RemoteGpuExecutor {
  const made = Promise.withResolvers<WebGpuExecutor>()
  const remote = remoteExecutor((fetchKernel) => {
    const executor = makeExecutor(fetchKernel)
    made.resolve(executor)
    return executor
  })
  return { ...remote, open: async () => (await made.promise).open() }
}
