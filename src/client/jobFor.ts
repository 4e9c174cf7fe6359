import type { AnyApp } from '../apps/app.ts'
import { hashWords } from '../protocol/digest.ts'
import { UnknownAppError } from '../protocol/errors.ts'
import type { Job } from '../runtime/executor.ts'

/**
 * A workunit as the runtime takes it, with every kernel that the app has for it.
 * @param name tells the workunit apart from others; its input is told apart here
 * @param input as the app's schema parsed it
 * @throws UnknownAppError when the app has no WASM kernel
 */
export function jobFor(app: AnyApp, name: string, input: unknown): Job {
  const wasm = app.kernels.find(({ backend }) => backend === 'wasm')
  if (wasm === undefined) throw new UnknownAppError(app.id, app.version)
  const webgpu = app.kernels.find(({ backend }) => backend === 'webgpu')
  const bytes = app.encodeInput(input)
  const job: Job = {
    // The input is part of the key: a coordinator that began anew may give an old id to another workunit.
    key: `${name} ${wasm.hash} ${hashWords(0n, Array.from(bytes))}`,
    app: app.id,
    input: bytes,
    wasm: wasm.hash,
  }
  if (webgpu === undefined || app.gpuPlan === undefined) return job
  return { ...job, webgpu: { kernel: webgpu.hash, plan: app.gpuPlan(input) } }
}
