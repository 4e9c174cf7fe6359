import type { KernelHash } from '../protocol/ids.ts'
import type { Backend } from './executor.ts'

const SUFFIX: Readonly<Record<Backend, string>> = { wasm: 'wasm', webgpu: 'wgsl' }

/** The name under which a kernel is published, in the folder `/kernels`. */
export function kernelFile(backend: Backend, hash: KernelHash): string {
  return `${hash}.${SUFFIX[backend]}`
}
