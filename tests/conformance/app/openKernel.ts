import type { App, ItemResult, KernelRef } from '../../../src/apps/app.ts'
import type { Seed } from '../../../src/protocol/digest.ts'
import { compileKernel, instantiateKernel } from '../../../src/runtime/wasm/kernel.ts'
import { publishedKernel } from '../../engines/publishedKernel.ts'

/** Runs items of one app in its real kernel, as committed and checked by hash. */
export interface OpenKernel<Input, Output> {
  prepare(input: Input): void
  runItem(item: number, seed: Seed): ItemResult<Output>
}

export async function openKernel<Input, Output>(
  app: App<Input, Output>,
  ref: KernelRef,
): Promise<OpenKernel<Input, Output>> {
  const kernel = await instantiateKernel(
    app.id,
    await compileKernel(app.id, ref.hash, await bytesOf(ref)),
  )
  let prepared: Input
  return {
    prepare(input) {
      prepared = input
      kernel.prepare(app.encodeInput(input))
    },
    runItem(item, seed) {
      const { digest, outputs } = kernel.run(item, seed)
      return { digest, outputs: outputs.map((record) => app.decodeOutput(record, prepared)) }
    },
  }
}

export async function bytesOf(ref: KernelRef): Promise<Uint8Array<ArrayBuffer>> {
  return publishedKernel(ref.backend, ref.hash)
}
