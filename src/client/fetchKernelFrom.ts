import { NotFoundError } from '../protocol/errors.ts'
import type { FetchKernel } from '../runtime/executor.ts'

/**
 * Fetches kernels by their hash. Whoever runs one checks it first.
 * @param server origin of the coordinator
 * @throws NotFoundError when the coordinator has no such kernel; TypeError when it cannot be reached
 */
export function fetchKernelFrom(server: URL): FetchKernel {
  return async (hash) => {
    const response = await fetch(new URL(`/kernels/${hash}.wasm`, server))
    if (!response.ok) throw new NotFoundError('kernel', hash)
    return new Uint8Array(await response.arrayBuffer())
  }
}
