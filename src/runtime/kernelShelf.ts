import type { KernelHash } from '../protocol/ids.ts'
import type { Backend, FetchKernel, Job } from './executor.ts'

/** A kernel's bytes, and the hash that they must have. */
export interface Kernel {
  readonly hash: KernelHash
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface KernelShelfParts {
  readonly fetchKernel: FetchKernel
  /** A kernel that was not there when it was wanted is there now. */
  readonly arrived: () => void
  /** It could not be fetched; it will be tried again when it is wanted again. */
  readonly missing: (backend: Backend, hash: KernelHash, error: unknown) => void
}

/** The kernels that were wanted so far, each fetched once. */
export class KernelShelf {
  readonly #parts: KernelShelfParts
  readonly #here = new Map<KernelHash, Kernel>()
  readonly #coming = new Map<KernelHash, Promise<Kernel>>()

  constructor(parts: KernelShelfParts) {
    this.#parts = parts
  }

  /** The kernel for a job, if it is there; else it is sent for. Undefined as well where the job has none for this backend. */
  want(backend: Backend, job: Job): Kernel | undefined {
    const hash = kernelOf(job, backend)
    if (hash === undefined) return undefined
    const kernel = this.#here.get(hash)
    if (kernel === undefined && !this.#coming.has(hash)) {
      const { arrived, missing } = this.#parts
      this.bring(backend, hash).then(arrived, (error: unknown) => missing(backend, hash, error))
    }
    return kernel
  }

  /** @throws whatever fetching it throws */
  async bring(backend: Backend, hash: KernelHash): Promise<Kernel> {
    const known = this.#here.get(hash) ?? this.#coming.get(hash)
    if (known !== undefined) return known
    const coming = this.#fetch(backend, hash)
    this.#coming.set(hash, coming)
    return coming
  }

  async #fetch(backend: Backend, hash: KernelHash): Promise<Kernel> {
    try {
      const kernel = { hash, bytes: await this.#parts.fetchKernel(backend, hash) }
      this.#here.set(hash, kernel)
      return kernel
    } finally {
      this.#coming.delete(hash)
    }
  }
}

/** Undefined where the job has none for this backend. */
export function kernelOf(job: Job, backend: Backend): KernelHash | undefined {
  return backend === 'wasm' ? job.wasm : job.webgpu?.kernel
}
