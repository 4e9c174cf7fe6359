import fc from 'fast-check'
import { expect } from 'vitest'
import { expectSentence, sentencesIn } from './sentences.ts'
import type { Subject } from './subjects.ts'

const LABELLED = ['practice', 'frontier', 'request'] as const

/** From a device that all but stands still to more than there is. */
const itemsPerSecond = fc.double({ min: -3, max: 9, noNaN: true }).map((exponent) => 10 ** exponent)

/** What an app says of itself, its workunits and its finds reads as the page shows it. */
export async function wordsLaw({ app, specimen }: Subject): Promise<void> {
  expect(app.title).toMatch(/^[^.\n]+$/)
  expect([1, 2], '`about` is one or two sentences, each with its full stop').toContain(
    sentencesIn(app.about),
  )
  const view = await app.load.view()
  for (const kind of LABELLED) expectSentence(view.label(kind))
  for (const { input, outputs } of specimen.published) {
    expectSentence(view.describe(input))
    for (const output of outputs) expectSentence(view.tell(input, output))
  }
  const outlookOf = view.outlook?.bind(view)
  if (outlookOf === undefined) return
  const nothing = specimen.jobs.map(({ input }) => ({ input, outputs: [] }))
  const something = fc.constantFrom(...specimen.published)
  const law = fc.property(
    fc.oneof(nothing, something),
    itemsPerSecond,
    ({ input, outputs }, rate) => {
      expectSentence(outlookOf(input, outputs, rate))
      expectSentence(outlookOf(input, [], rate))
    },
  )
  fc.assert(law)
}
