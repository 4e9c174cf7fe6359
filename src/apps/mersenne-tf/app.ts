import * as v from 'valibot'
import { appIdSchema } from '../../protocol/ids.ts'
import type { App } from '../app.ts'
import { blocksOf } from './candidates.ts'
import { gpuCanaries } from './gpuCanaries.ts'
import { gpuPlan } from './gpuPlan.ts'
import { inputSchema, outputSchema, type Input, type Output } from './input.ts'
import { itemCost } from './itemCost.ts'
import { decodeOutput, encodeInput } from './kernelBytes.ts'
import { kernels } from './kernels.ts'

/** Trial factoring of Mersenne numbers 2^p - 1, p prime. README.md has the semantics, the sources and how to check. */
export const mersenneTf: App<Input, Output> = {
  id: v.parse(appIdSchema, 'mersenne-tf'),
  version: 1,
  title: 'Factors of Mersenne numbers',
  about:
    'Looks for factors of Mersenne numbers, 2^p - 1, by trial division, as GIMPS does: each one found spares a long primality test.',
  inputSchema,
  outputSchema,
  itemCount: (input) => Number(blocksOf(input).count),
  itemCost,
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
    formats: async () => ({ primenet: (await import('./primenet.ts')).primenet }),
  },
}
