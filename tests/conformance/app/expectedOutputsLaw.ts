import fc from 'fast-check'
import { expect } from 'vitest'
import type { AnyApp } from '../../../src/apps/app.ts'
import { kernelOf } from '../kernel/jobOf.ts'
import { openKernel, type OpenKernel } from './openKernel.ts'
import { twoSidedPoisson } from './poisson.ts'
import type { Subject } from './subjects.ts'

/** Items are fixed, so this is no matter of luck: a sound expectation that fails has met one sample in a million, and others will do. */
const UNLIKELY = 1e-6
/** With fewer an expectation that is half off is not found out. */
const FEWEST = 200

/** Outputs come as often as the verifier expects them, in enough items that half as many, or half as many again, would be noticed. */
export async function expectedOutputsLaw(
  { app, specimen }: Subject,
  open = openWasm,
): Promise<void> {
  const verifier = await app.load.verifier()
  const expectedOf = verifier.expectedOutputs?.bind(verifier)
  expect(
    specimen.yields !== undefined,
    'a specimen has `yields` exactly where the verifier has `expectedOutputs`',
  ).toBe(expectedOf !== undefined)
  if (expectedOf === undefined) return
  const law = fc.property(specimen.jobs, ({ input }) => {
    expect(expectedOf(input)).toBeGreaterThan(0)
    expect(expectedOf(input)).toBeLessThan(Infinity)
  })
  fc.assert(law)

  const kernel = await open(app)
  let expected = 0
  let found = 0
  for (const { input, start, count } of specimen.yields ?? []) {
    expected += count * expectedOf(input)
    kernel.prepare(input)
    for (let i = start; i < start + count; i++) found += kernel.runItem(i, 1n).outputs.length
  }
  const chance = (times: number) => twoSidedPoisson(found, times * expected)
  expect(expected, 'the `yields` of the specimen need more items').toBeGreaterThanOrEqual(FEWEST)
  expect(chance(1), `${found} outputs came where ${expected} are expected`).toBeGreaterThan(
    UNLIKELY,
  )
  for (const wrong of [0.5, 1.5]) {
    expect(
      chance(wrong),
      'the `yields` of the specimen need more items to tell a wrong expectation',
    ).toBeLessThan(UNLIKELY)
  }
}

async function openWasm(app: AnyApp): Promise<OpenKernel<unknown, unknown>> {
  return openKernel(app, kernelOf(app, 'wasm'))
}
