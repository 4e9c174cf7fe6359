import { seedOf } from '../app/seedOf.ts'
import type { Subject } from '../app/subjects.ts'
import type { Question } from './differences.ts'

/** With a name that ends "they agree on". */
export interface NamedQuestion extends Question {
  readonly name: string
}

/** What is asked of every engine besides random items. */
export function hardQuestions({ app, specimen }: Subject): NamedQuestion[] {
  const questions = specimen.hard.map(({ name, runs, large }): NamedQuestion => {
    const seeded = runs.map((run, index) => ({ ...run, seed: seedOf(index) }))
    return { name, app, runs: seeded, large }
  })
  const inShortRounds = questions
    .filter(({ large }) => large)
    .map((question): NamedQuestion => ({
      ...question,
      name: `${question.name}, in rounds that begin anywhere`,
      change: { unitsPerRound: 3 },
    }))
  const everySeed = specimen.published.flatMap(({ input, item }) =>
    [0, 1, 2, 3].map((i) => ({ input, start: item, count: 1, seed: seedOf(i) })),
  )
  return [
    ...questions,
    ...inShortRounds,
    { name: 'published items under every kind of seed', app, runs: everySeed },
  ]
}
