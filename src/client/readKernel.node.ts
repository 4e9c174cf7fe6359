import { readFile } from 'node:fs/promises'
import type { FetchKernel } from '../runtime/executor.ts'
import { kernelFile } from '../runtime/kernelFile.ts'

const KERNELS = new URL('../../public/kernels/', import.meta.url)

/** Takes kernels from this build's own folder, without a coordinator. Whoever runs one checks it first. */
export const readKernel: FetchKernel = async (backend, hash) =>
  new Uint8Array(await readFile(new URL(kernelFile(backend, hash), KERNELS)))
