import fc from 'fast-check'
import * as v from 'valibot'
import { expect } from 'vitest'
import { expectSentence } from './sentences.ts'
import type { Subject } from './subjects.ts'

/**
 * What is public of an input is a part of it that is an input by itself, and computes and verifies as the whole does. That it is a part
 * is what keeps the rest secret: nothing is made of what is kept back.
 */
export async function publicInputLaw({ app, specimen }: Subject): Promise<void> {
  const publicOf = app.publicInput?.bind(app)
  if (publicOf === undefined) return
  const reference = await app.load.reference()
  const verifier = await app.load.verifier()
  const view = await app.load.view()
  let keptBack = 0
  const law = fc.property(specimen.jobs, ({ input, item }) => {
    const seen: unknown = publicOf(input)
    expect(v.parse(app.inputSchema, seen)).toEqual(seen)
    expect(publicOf(seen)).toEqual(seen)
    expect(
      isPartOf(plain(seen), plain(input)),
      'what is public must be a part of the whole input',
    ).toBe(true)
    if (!isPartOf(plain(input), plain(seen))) keptBack++
    expect(app.itemCount(seen)).toBe(app.itemCount(input))
    expect(app.itemCost(seen)).toBe(app.itemCost(input))
    expect(app.encodeInput(seen)).toEqual(app.encodeInput(input))
    expect(app.gpuPlan?.(seen)).toEqual(app.gpuPlan?.(input))
    expect(verifier.expectedOutputs?.(seen)).toBe(verifier.expectedOutputs?.(input))
    expectSentence(view.describe(seen))
    const found = [input, seen].map((one) => reference.runItem(one, item, 1n))
    expect(found[1]).toEqual(found[0])
    for (const output of found[0]?.outputs ?? []) {
      for (const start of [item, item + 1]) {
        const [whole, part] = [input, seen].map((one) =>
          verifier.check(one, { start, end: start + 1 }, output),
        )
        expect(part).toEqual(whole)
      }
    }
  })
  fc.assert(law, { numRuns: 200 })
  expect(
    keptBack,
    'some inputs among the `jobs` of the specimen must have what `publicInput` keeps back',
  ).toBeGreaterThan(0)
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** Whether every field of it has the same value in the whole. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return part === whole
  if (typeof whole !== 'object' || whole === null) return false
  if (Array.isArray(part) && part.length !== Object.keys(whole).length) return false
  const all = new Map(Object.entries(whole))
  return Object.entries(part).every(([name, value]) => isPartOf(value, all.get(name)))
}
