import { KernelFailedError, KernelMismatchError } from '../../protocol/errors.ts'
import { kernelHashOf, type KernelHash } from '../../protocol/ids.ts'
import { VISIBLE_TO_COMPUTE } from './flags.ts'

/** The bindings of every kernel, as `shaders/README.md` has them: input, work, state, scratch, result. */
const BINDINGS = ['read-only-storage', 'uniform', 'storage', 'storage', 'storage'] as const

export function kernelLayout(device: GPUDevice): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    label: 'kernel',
    entries: BINDINGS.map((type, binding) => ({
      binding,
      visibility: VISIBLE_TO_COMPUTE,
      buffer: { type, hasDynamicOffset: type === 'uniform' },
    })),
  })
}

/** One kernel on one device. Each entry point is compiled when it is first asked for. */
export interface Pipelines {
  /** @throws KernelFailedError when the kernel has no such entry point, or it does not fit the interface */
  get(entryPoint: string): Promise<GPUComputePipeline>
}

/**
 * Compiles a kernel after checking that its bytes are the ones asked for.
 * @throws KernelMismatchError when their SHA-256 is not `hash`; nothing was compiled then
 * @throws KernelFailedError when they are not WGSL
 */
export async function compilePipelines(
  device: GPUDevice,
  bindings: GPUBindGroupLayout,
  kernel: {
    readonly app: string
    readonly hash: KernelHash
    readonly bytes: Uint8Array<ArrayBuffer>
  },
): Promise<Pipelines> {
  const { app, hash, bytes } = kernel
  const actual = kernelHashOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  if (actual !== hash) throw new KernelMismatchError(hash, actual)
  device.pushErrorScope('validation')
  const module = device.createShaderModule({ label: app, code: new TextDecoder().decode(bytes) })
  const [invalid, info] = await Promise.all([device.popErrorScope(), module.getCompilationInfo()])
  const error = info.messages.find(({ type }) => type === 'error')
  if (error !== undefined) {
    throw new KernelFailedError(app, `it does not compile, line ${error.lineNum}: ${error.message}`)
  }
  if (invalid !== null) throw new KernelFailedError(app, `it does not compile: ${invalid.message}`)

  const layout = device.createPipelineLayout({ label: 'kernel', bindGroupLayouts: [bindings] })
  const compiled = new Map<string, Promise<GPUComputePipeline>>()
  return {
    get(entryPoint) {
      const known = compiled.get(entryPoint)
      if (known !== undefined) return known
      const compiling = device
        .createComputePipelineAsync({ label: entryPoint, layout, compute: { module, entryPoint } })
        .catch((cause: unknown) => {
          const why = cause instanceof Error ? cause.message : String(cause)
          throw new KernelFailedError(app, `${entryPoint} does not compile: ${why}`, { cause })
        })
      compiled.set(entryPoint, compiling)
      return compiling
    },
  }
}
