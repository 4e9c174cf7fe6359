import * as v from 'valibot'
import { appIdSchema } from '../../protocol/ids.ts'
import type { App } from '../app.ts'
import { gpuCanaries } from './gpuCanaries.ts'
import { gpuPlan } from './gpuPlan.ts'
import { inputSchema, outputSchema, publicInput, type Input, type Output } from './input.ts'
import { itemCost } from './itemCost.ts'
import { decodeOutput, encodeInput } from './kernelBytes.ts'
import { kernels } from './kernels.ts'

/** Salts that give contracts addresses with chosen bits. README.md has the semantics, the sources and how to check. */
export const create2Search: App<Input, Output> = {
  id: v.parse(appIdSchema, 'create2-search'),
  version: 1,
  title: 'Ethereum contract addresses',
  about:
    'Tries salts until a contract gets an address as its owner wants it, such as one with many zero bytes, which makes every use of it cheaper.',
  inputSchema,
  outputSchema,
  itemCount: (input) => input.items,
  itemCost,
  publicInput,
  kernels,
  encodeInput,
  decodeOutput,
  gpuPlan,
  gpuCanaries,
  load: {
    generator: async () => (await import('./generator.ts')).generator,
    reference: async () => (await import('./reference.ts')).reference,
    verifier: async () => (await import('./verifier.ts')).verifier,
    assimilator: async () => (await import('./assimilator.ts')).assimilator,
    view: async () => (await import('./view.ts')).view,
    formats: async () => ({ ranking: (await import('./ranking.ts')).ranking }),
    policy: async () => (await import('./policy.ts')).readPolicy,
  },
}
