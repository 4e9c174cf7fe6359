import { NotFoundError } from '../protocol/errors.ts'
import type { FetchKernel } from '../runtime/executor.ts'
import { kernelFile } from '../runtime/kernelFile.ts'

/**
 * Fetches kernels by their hash. Whoever runs one checks it first.
 * @param server origin of the coordinator
 * @throws NotFoundError when the coordinator has no such kernel; TypeError when it cannot be reached
 */
export function fetchKernelFrom(server: URL): FetchKernel {
  return async (backend, hash) => {
    const response = await fetch(new URL(`/kernels/${kernelFile(backend, hash)}`, server))
    if (!response.ok) throw new NotFoundError('kernel', hash)
    return new Uint8Array(await response.arrayBuffer())
  }
}
