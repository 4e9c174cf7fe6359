import * as v from 'valibot'
import type { App } from '../../src/apps/app.ts'
import { hashWords } from '../../src/protocol/digest.ts'
import { appIdSchema } from '../../src/protocol/ids.ts'

const inputSchema = v.object({
  items: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  every: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
})
const outputSchema = v.object({ item: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) })

export type DigestInput = v.InferOutput<typeof inputSchema>
export type DigestOutput = v.InferOutput<typeof outputSchema>

/**
 * An app that costs nothing to compute, so that tests are about the coordinator: every item hashes its number, and every
 * `every`-th one is a hit. Lines read `items every`, and may end with a key.
 */
export const digestApp: App<DigestInput, DigestOutput> = {
  id: v.parse(appIdSchema, 'digest'),
  version: 1,
  title: 'Digests of numbers',
  about: 'Hashes numbers, for tests.',
  inputSchema,
  outputSchema,
  itemCount: (input) => input.items,
  itemCost: () => 1_000n,
  kernels: [],
  encodeInput: () => new Uint8Array(),
  decodeOutput: () => ({ item: 0 }),
  load: {
    generator: async () => ({
      *parse(text) {
        for (const [index, line] of text.split('\n').entries()) {
          if (line.trim() === '') continue
          const found = /^([1-9][0-9]{0,8}) ([1-9][0-9]{0,8})(?: (\S+))?$/.exec(line)
          yield found
            ? {
                status: 'workunit',
                line: index + 1,
                input: { items: Number(found[1]), every: Number(found[2]) },
                key: found[3] ?? null,
              }
            : { status: 'refused', line: index + 1, reason: 'expected two numbers' }
        }
      },
      seeds: {
        practice: () => ({ items: 64, every: 16 }),
        frontier: () => ({ items: 4_096, every: 16 }),
      },
    }),
    reference: async () => ({
      runItem: (input, item, seed) => ({
        digest: hashWords(seed, [item]),
        outputs: item % input.every === 0 ? [{ item }] : [],
      }),
    }),
    verifier: async () => ({
      check: (input, range, { item }) =>
        item >= range.start && item < range.end && item % input.every === 0
          ? { status: 'holds' }
          : { status: 'fails', reason: `${item} is no hit of this slice` },
    }),
    assimilator: async () => ({
      fold: (_, outputs) => [...outputs].toSorted((a, b) => a.item - b.item),
    }),
    formats: async () => ({
      words: ({ input, key, outputs, complete, finishedAt }) =>
        [input.items, key ?? '-', ...outputs.map(({ item }) => item), complete, finishedAt].join(
          ' ',
        ),
    }),
    view: async () => ({
      describe: (input) => `the numbers below ${input.items}`,
      tell: (input, { item }) => `${item} is divisible by ${input.every}`,
      label: (kind) => (kind === 'practice' ? 'practice: known hits' : kind),
    }),
  },
}
