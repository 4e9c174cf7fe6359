import type { Digest, Seed } from '../../protocol/digest.ts'
import { KernelFailedError, KernelMismatchError } from '../../protocol/errors.ts'
import { kernelHashOf, type KernelHash } from '../../protocol/ids.ts'

/** The version of the generic kernel ABI this host speaks; wasm/README.md lists its exports. */
const KERNEL_ABI = 1

/** One instance of a WASM kernel. It imports nothing: all it can touch is its own memory. */
export interface Kernel {
  /** @throws KernelFailedError when the kernel refuses the input or traps */
  prepare(input: Uint8Array): void
  /**
   * Runs one item of the prepared input.
   * @param item 0-based
   * @throws KernelFailedError when the kernel reports an error or traps
   */
  run(item: number, seed: Seed): { digest: Digest; outputs: Uint8Array[] }
}

/**
 * Compiles a kernel's bytes after checking that they are the ones asked for.
 * @throws KernelMismatchError when their SHA-256 is not `hash`; nothing was compiled then
 * @throws KernelFailedError when they are not WASM
 */
export async function compileKernel(
  app: string,
  hash: KernelHash,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<WebAssembly.Module> {
  const actual = kernelHashOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  if (actual !== hash) throw new KernelMismatchError(hash, actual)
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw new KernelFailedError(app, 'it does not compile', { cause })
  }
}

/** @throws KernelFailedError when the module is no kernel of ABI 1, or wants imports */
export async function instantiateKernel(app: string, module: WebAssembly.Module): Promise<Kernel> {
  const exports = await guard(app, 'starting', async () => {
    const instance = await WebAssembly.instantiate(module, {})
    return kernelExports(app, instance.exports)
  })
  return {
    prepare(input) {
      const status = guardNow(app, 'preparing', () => {
        const address = exports.input(input.length) >>> 0
        new Uint8Array(exports.memory.buffer).set(input, address)
        return exports.prepare()
      })
      if (status !== 0) throw new KernelFailedError(app, `it refused its input (${status})`)
    },
    run(item, seed) {
      return guardNow(app, `item ${item}`, () => {
        const count = exports.run(BigInt(item), seed)
        if (count < 0) throw new KernelFailedError(app, `item ${item} gave error ${count}`)
        return {
          digest: BigInt.asUintN(64, exports.digest()),
          outputs: copyRecords(exports, count),
        }
      })
    },
  }
}

interface KernelExports {
  readonly memory: WebAssembly.Memory
  /** Reserves the input buffer; returns its address. */
  input(bytes: number): number
  /** 0 when the input was understood. */
  prepare(): number
  /** Number of output records; negative on error. */
  run(item: bigint, seed: bigint): number
  digest(): bigint
  /** Address of the output records. */
  outputs(): number
  /** Size of one output record. */
  outputBytes(): number
}

const FUNCTIONS = ['input', 'prepare', 'run', 'digest', 'outputs', 'outputBytes'] as const

function kernelExports(app: string, exports: WebAssembly.Exports): KernelExports {
  const { memory, weft_abi: abi } = exports
  const complete =
    memory instanceof WebAssembly.Memory &&
    typeof abi === 'function' &&
    abi() === KERNEL_ABI &&
    FUNCTIONS.every((name) => typeof exports[name] === 'function')
  if (!complete) throw new KernelFailedError(app, `it does not speak kernel ABI ${KERNEL_ABI}`)
  // What JavaScript can see of the exports was checked above; their signatures are the ABI's.
  return exports as unknown as KernelExports
}

function copyRecords(exports: KernelExports, count: number): Uint8Array[] {
  if (count === 0) return []
  const address = exports.outputs() >>> 0
  const size = exports.outputBytes()
  const records = new Uint8Array(exports.memory.buffer, address, count * size)
  return Array.from({ length: count }, (_, i) => records.slice(i * size, (i + 1) * size))
}

function guardNow<T>(app: string, doing: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw asKernelFailure(app, doing, cause)
  }
}

async function guard<T>(app: string, doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw asKernelFailure(app, doing, cause)
  }
}

function asKernelFailure(app: string, doing: string, cause: unknown): KernelFailedError {
  if (cause instanceof KernelFailedError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new KernelFailedError(app, `${doing}: ${why}`, { cause })
}
