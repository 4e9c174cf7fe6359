import { describe, expect, test } from 'vitest'
import type { Generator, Policy, Verifier, View } from '../../../src/apps/app.ts'
import type { Specimen } from '../../../src/apps/testing/specimen.ts'
import {
  coinApp,
  coins,
  openCoins,
  type CoinApp,
  type CoinInput,
  type CoinOutput,
} from './coinApp.ts'
import { expectedOutputsLaw } from './expectedOutputsLaw.ts'
import { policyLaw } from './policyLaw.ts'
import { publicInputLaw } from './publicInputLaw.ts'
import type { Subject } from './subjects.ts'
import { wordsLaw } from './wordsLaw.ts'

/** Laws that never bite look just like apps that keep them. */

const laws = {
  publicInput: publicInputLaw,
  expectedOutputs: (subject: Subject) => expectedOutputsLaw(subject, openCoins),
  policy: policyLaw,
  words: wordsLaw,
}
type Law = keyof typeof laws

/** The laws that do not hold. */
async function broken(subject: Subject): Promise<string[]> {
  const held = Object.entries(laws).map(async ([name, law]) =>
    law(subject).then(
      () => [],
      () => [name],
    ),
  )
  return (await Promise.all(held)).flat()
}

const withVerifier = (change: Partial<Verifier<CoinInput, CoinOutput>>): Partial<CoinApp> => ({
  load: {
    ...coinApp.load,
    verifier: async () => ({ ...(await coinApp.load.verifier()), ...change }),
  },
})
const withView = (change: Partial<View<CoinInput, CoinOutput>>): Partial<CoinApp> => ({
  load: { ...coinApp.load, view: async () => ({ ...(await coinApp.load.view()), ...change }) },
})
const withPolicy = (policy: Policy<CoinInput>): Partial<CoinApp> => ({
  load: { ...coinApp.load, policy: async () => () => policy },
})
const withSeeds = (seeds: Generator<CoinInput>['seeds']): Partial<CoinApp> => ({
  load: {
    ...coinApp.load,
    generator: async () => ({ ...(await coinApp.load.generator()), seeds }),
  },
})

test('an app that is right in everything keeps every law', async () => {
  expect(await broken(coins())).toEqual([])
})

describe('an app is found out that', () => {
  const wrong: readonly (readonly [what: string, law: Law, change: Partial<CoinApp>])[] = [
    ['shows everything of its input', 'publicInput', { publicInput: (input) => input }],
    [
      'shows a trace of what it keeps back',
      'publicInput',
      { publicInput: ({ items, one, wish }) => ({ items, one, wish: wish?.slice(0, 1) + '?' }) },
    ],
    [
      'adds to what is public',
      'publicInput',
      { publicInput: ({ items, one }) => ({ items, one, wish: 'none' }) },
    ],
    [
      'says another number of items',
      'publicInput',
      { itemCount: ({ items, wish }) => items + (wish ? 1 : 0) },
    ],
    ['asks another credit', 'publicInput', { itemCost: ({ wish }) => (wish ? 2n : 1n) }],
    [
      'encodes what it keeps back',
      'publicInput',
      { encodeInput: ({ wish }) => Uint8Array.of(wish ? 1 : 0) },
    ],
    [
      'verifies by what it keeps back',
      'publicInput',
      withVerifier({
        check: ({ wish }) => (wish ? { status: 'holds' } : { status: 'fails', reason: 'no wish' }),
      }),
    ],
    [
      'expects half as many outputs',
      'expectedOutputs',
      withVerifier({ expectedOutputs: () => 12.5 }),
    ],
    [
      'expects half as many again',
      'expectedOutputs',
      withVerifier({ expectedOutputs: () => 37.5 }),
    ],
    [
      'expects no number of outputs',
      'expectedOutputs',
      withVerifier({ expectedOutputs: () => Number.NaN }),
    ],
    ['expects none', 'expectedOutputs', withVerifier({ expectedOutputs: () => 0 })],
    [
      'refuses its own practice',
      'policy',
      withPolicy(({ wish }) =>
        wish === undefined
          ? { status: 'refused', reason: 'wish for something' }
          : { status: 'allowed' },
      ),
    ],
    ['refuses nothing', 'policy', withPolicy(() => ({ status: 'allowed' }))],
    [
      'refuses without a reason',
      'policy',
      withPolicy(({ wish }) =>
        wish === undefined || wish === 'heads'
          ? { status: 'allowed' }
          : { status: 'refused', reason: 'no' },
      ),
    ],
    [
      'has a frontier that its policy refuses',
      'policy',
      withSeeds({
        practice: () => ({ items: 1, one: 4 }),
        frontier: () => ({ items: 1, one: 4, wish: 'tails' }),
      }),
    ],
    ['has a title with a full stop', 'words', { title: 'Coins.' }],
    ['says nothing of itself', 'words', { about: '' }],
    ['says three sentences of itself', 'words', { about: 'It tosses. It counts. It ends.' }],
    ['ends its outlook with a full stop', 'words', withView({ outlook: () => 'Soon.' })],
    ['has an outlook of two sentences', 'words', withView({ outlook: () => 'None yet. Soon' })],
    [
      'shows no number in its outlook',
      'words',
      withView({ outlook: (_, found) => `In ${1 / found.length} seconds` }),
    ],
  ]
  test.each(wrong)('%s', async (_what, law, change) => {
    expect(await broken(coins({ ...coinApp, ...change }))).toEqual([law])
  })
})

describe('a specimen is found out that', () => {
  const whole = coins().specimen
  const { yields: _items, ...withoutYields } = whole
  const { refusedByPolicy: _refused, ...withoutRefused } = whole
  const three = [{ input: { items: 40, one: 4 }, start: 0, count: 3 }]
  const wrong: readonly (readonly [what: string, law: Law, specimen: Specimen, says: string])[] = [
    ['has too few items', 'expectedOutputs', { ...whole, yields: three }, 'need more items'],
    ['has no items', 'expectedOutputs', withoutYields, 'has `yields` exactly where'],
    ['refuses nothing', 'policy', { ...whole, refusedByPolicy: [] }, 'something must be refused'],
    ['does not say what is refused', 'policy', withoutRefused, 'has `refusedByPolicy` exactly'],
  ]
  test.each(wrong)('%s', async (_what, law, specimen, says) => {
    const subject = { ...coins(), specimen }
    await expect(laws[law](subject)).rejects.toThrow(says)
    expect(await broken(subject)).toEqual([law])
  })
})
