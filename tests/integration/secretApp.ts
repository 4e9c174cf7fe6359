import * as v from 'valibot'
import type { AnyApp, App } from '../../src/apps/app.ts'
import { digestApp, type DigestInput, type DigestOutput } from './digestApp.ts'

/** What a text has in it that tells the secret. */
export const SECRET = 'secretly'

type SecretInput = DigestInput & { readonly target?: string | undefined }

/**
 * The digest app for requesters who say only to the coordinator what they are after. Lines read `items every target`, and may end
 * with a key; the target `secretly-6` asks for the hits that 6 divides. Texts of a whole input have the target in them.
 */
export const secretApp: AnyApp = {
  ...digestApp,
  inputSchema: v.object({
    items: v.number(),
    every: v.number(),
    target: v.optional(v.pipe(v.string(), v.regex(/^secretly-[0-9]+$/))),
  }),
  publicInput: ({ items, every }) => ({ items, every }),
  load: {
    ...digestApp.load,
    generator: async () => {
      const digest = await digestApp.load.generator()
      return {
        seeds: digest.seeds,
        *parse(text) {
          for (const line of digest.parse(text.replaceAll(/ secretly-[0-9]+/g, ''))) {
            const target = /secretly-[0-9]+/.exec(text.split('\n')[line.line - 1] ?? '')?.[0]
            yield line.status === 'workunit' && target !== undefined
              ? { ...line, input: { ...line.input, target } }
              : line
          }
        },
      }
    },
    assimilator: async () => ({
      fold: ({ target = `${SECRET}-1` }, outputs) =>
        [...outputs]
          .filter(({ item }) => item % Number(target.slice(SECRET.length + 1)) === 0)
          .toSorted((a, b) => a.item - b.item),
    }),
    formats: async () => ({
      words: ({ input, outputs }) => JSON.stringify([input, ...outputs.map(({ item }) => item)]),
    }),
    view: async () => ({
      describe: (input) => `the numbers below ${input.items}, ${input.target ?? 'all of them'}`,
      tell: (input, { item }) => `${item} for ${input.target ?? 'anybody'}`,
      label: (kind) => kind,
    }),
  },
} satisfies App<SecretInput, DigestOutput>
