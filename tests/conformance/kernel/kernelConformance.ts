import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../engines/engine.ts'
import { GREATEST_SEED } from '../app/seedOf.ts'
import { subjectsOnGpu } from '../app/subjects.ts'
import { differences } from './differences.ts'
import { hardQuestions } from './hardQuestions.ts'

const seed = fc.oneof(fc.constantFrom(0n, 1n, GREATEST_SEED), fc.bigInt(0n, GREATEST_SEED))

/**
 * The law that every engine must obey: reference, WASM and WGSL give the same digest and the same outputs for every item.
 *
 * @param engine called when a test runs
 */
export function kernelConformance(engine: () => Engine): void {
  describe.each(subjectsOnGpu)('$name', (subject) => {
    const { app, specimen } = subject

    test('WGSL, WASM and the reference agree on any items, under any seeds', async () => {
      const run = fc
        .tuple(specimen.jobs, seed)
        .map(([{ input, item }, drawn]) => ({ input, start: item, count: 1, seed: drawn }))
      const some = fc.array(run, { minLength: 1, maxLength: 40, size: 'max' })
      const law = fc.asyncProperty(some, async (runs) => {
        expect(await differences(engine(), { app, runs })).toEqual([])
      })
      await fc.assert(law, { numRuns: 5 })
    })

    test.each(hardQuestions(subject))('they agree on $name', async (question) => {
      expect(await differences(engine(), question)).toEqual([])
    })
  })
}
