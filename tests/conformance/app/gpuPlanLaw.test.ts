import * as v from 'valibot'
import { expect, test } from 'vitest'
import { kernelHashSchema } from '../../../src/protocol/ids.ts'
import type { GpuPlan } from '../../../src/runtime/webgpu/plan.ts'
import { coinApp, coins, type CoinApp } from './coinApp.ts'
import { gpuPlanLaw } from './gpuPlanLaw.ts'

const source = new TextEncoder().encode(
  '@compute @workgroup_size(64)\nfn toss() {}\n@compute @workgroup_size(64)\nfn count() {}',
)
const ref = {
  backend: 'webgpu',
  hash: v.parse(kernelHashSchema, '0'.repeat(64)),
  bytes: 0,
} as const
const plan: GpuPlan = {
  unitsPerItem: 4,
  unitsPerRound: 100,
  stateBytes: 0,
  scratchBytes: { fixed: 4, perUnit: 8 },
  recordBytes: 4,
  prepare: [{ entryPoint: 'toss', workgroups: 1 }],
  round: [{ entryPoint: 'count', fixed: 0, perUnit: 1 }],
}
const canary = { items: 1, one: 4 }
const gpuCoins: CoinApp = {
  ...coinApp,
  kernels: [ref],
  gpuPlan: () => plan,
  gpuCanaries: [canary],
}
const law = async (change: Partial<CoinApp>) =>
  gpuPlanLaw(coins({ ...gpuCoins, ...change }), async () => source)

test('a sound plan, and no kernel without one, keep the law', async () => {
  await expect(law({})).resolves.toBeUndefined()
  await expect(gpuPlanLaw(coins())).resolves.toBeUndefined()
})

const planned = (change: Partial<GpuPlan>): Partial<CoinApp> => ({
  gpuPlan: () => ({ ...plan, ...change }),
})
const wrong: readonly (readonly [what: string, change: Partial<CoinApp>])[] = [
  ['a plan without a kernel', { kernels: [] }],
  [
    'an entry point that is not there',
    planned({ round: [{ entryPoint: 'tos', fixed: 0, perUnit: 1 }] }),
  ],
  ['units that do not divide an item', planned({ unitsPerItem: 3 })],
  ['sizes that are no whole words', planned({ recordBytes: 6 })],
  ['more workgroups than devices allow', planned({ unitsPerRound: 70_000 })],
  ['more memory than devices allow', planned({ stateBytes: 2 ** 28 })],
  ['canaries that leave an entry point out', planned({ prepare: [] })],
  ['canaries that are no inputs', { gpuCanaries: [{ ...canary, items: 0 }] }],
]
test.each(wrong)('%s is found out', async (_what, change) => {
  await expect(law(change)).rejects.toThrow(/./)
})
