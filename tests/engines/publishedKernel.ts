import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FetchKernel } from '../../src/runtime/executor.ts'
import { kernelFile } from '../../src/runtime/kernelFile.ts'

const KERNELS = join(import.meta.dirname, '../../public/kernels')

/** Kernels as the site publishes them. */
export const publishedKernel: FetchKernel = async (backend, hash) =>
  new Uint8Array(await readFile(join(KERNELS, kernelFile(backend, hash))))
