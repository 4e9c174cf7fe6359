import fc from 'fast-check'
import * as v from 'valibot'
import type { App } from '../../../src/apps/app.ts'
import { hashWords } from '../../../src/protocol/digest.ts'
import { KernelFailedError } from '../../../src/protocol/errors.ts'
import { appIdSchema } from '../../../src/protocol/ids.ts'
import type { OpenKernel } from './openKernel.ts'
import type { Subject } from './subjects.ts'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const inputSchema = v.object({ items: count, one: count, wish: v.optional(v.string()) })
const outputSchema = v.object({ toss: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) })
const TOSSES = 100

export type CoinInput = v.InferOutput<typeof inputSchema>
export type CoinOutput = v.InferOutput<typeof outputSchema>
export type CoinApp = App<CoinInput, CoinOutput>

/** An app with all that an app may have, so that laws can be seen to notice what is wrong with it: 100 tosses an item, of which one in `one` is a hit. */
export const coinApp: CoinApp = {
  id: v.parse(appIdSchema, 'coins'),
  version: 1,
  title: 'Tosses of coins',
  about: 'Tosses coins, for tests.',
  inputSchema,
  outputSchema,
  itemCount: ({ items }) => items,
  itemCost: () => 1n,
  publicInput: ({ items, one }) => ({ items, one }),
  kernels: [],
  encodeInput: ({ items, one }) => Uint8Array.of(items, one),
  decodeOutput() {
    throw new KernelFailedError('coins', 'there is no kernel')
  },
  load: {
    generator: async () => ({
      *parse() {
        yield { status: 'workunit', line: 1, input: { items: 1, one: 4, wish: 'heads' }, key: null }
      },
      seeds: { practice: (previous) => ({ items: (previous?.items ?? 0) + 1, one: 4 }) },
    }),
    reference: async () => ({ runItem: toss }),
    verifier: async () => ({
      check: (_input, { start, end }, output) =>
        output.toss >= start * TOSSES && output.toss < end * TOSSES
          ? { status: 'holds' }
          : { status: 'fails', reason: 'it is of another item' },
      expectedOutputs: ({ one }) => TOSSES / one,
    }),
    assimilator: async () => ({ fold: (_input, outputs) => [...outputs] }),
    view: async () => ({
      describe: ({ items }) => `Tossing ${TOSSES * items} coins`,
      tell: (_input, output) => `Toss ${output.toss} is a hit`,
      label: (kind) => kind,
      outlook: ({ one }, found, rate) =>
        `${found.length} so far, and one in ${(one / TOSSES / rate).toPrecision(3)} seconds`,
    }),
    policy: async () => (text) => (input) =>
      input.wish === 'tails' || (input.wish ?? '-') === text
        ? { status: 'refused', reason: 'wish for something else' }
        : { status: 'allowed' },
  },
}

const jobs = fc
  .record({ items: fc.integer({ min: 1, max: 9 }), one: fc.integer({ min: 4, max: 9 }) })
  .chain((input) =>
    fc.constantFrom({ input, item: 0 }, { input: { ...input, wish: 'w' }, item: 0 }),
  )

/** The app as it is, or with something wrong in it. */
export function coins(app: CoinApp = coinApp): Subject {
  return {
    name: 'coins 1',
    app,
    specimen: {
      jobs,
      published: [{ input: { items: 2, one: 4 }, item: 0, outputs: [{ toss: 3 }] }],
      text: 'any',
      hard: [],
      yields: [{ input: { items: 40, one: 4 }, start: 0, count: 40 }],
      refusedByPolicy: [
        { policy: '', input: { items: 1, one: 4, wish: 'tails' } },
        { policy: 'heads', input: { items: 1, one: 4, wish: 'heads' } },
      ],
    },
  }
}

/** Where a WASM kernel would be. */
export async function openCoins(): Promise<OpenKernel<CoinInput, CoinOutput>> {
  let prepared: CoinInput
  return {
    prepare(input) {
      prepared = input
    },
    runItem: (item, seed) => toss(prepared, item, seed),
  }
}

function toss({ one }: CoinInput, item: number, seed: bigint) {
  const tosses = Array.from({ length: TOSSES }, (_, i) => item * TOSSES + i)
  const hits = tosses.filter((i) => hashWords(0n, [i]) % BigInt(one) === 0n)
  return { digest: hashWords(seed, [item]), outputs: hits.map((i) => ({ toss: i })) }
}
