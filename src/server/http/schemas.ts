import * as v from 'valibot'
import { DEFAULT_EPSILON, epsilonSchema } from '../../protocol/epsilon.ts'
import { appIdSchema, batchIdSchema, hostIdSchema } from '../../protocol/ids.ts'
import { batchKindSchema, trustPolicySchema } from '../../protocol/messages.ts'

/**
 * What goes over HTTP, once: these schemas read what comes in, and OpenAPI's are made from them. Times are ISO 8601,
 * credit is decimal digits.
 */

const count = (what: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(what))
const text = (what: string) => v.pipe(v.string(), v.description(what))
const time = (what: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(what))
const credit = (what: string) =>
  v.pipe(v.string(), v.regex(/^[0-9]+$/), v.description(`${what}; decimal digits`))
const trust = v.pipe(
  trustPolicySchema,
  v.description('How results become facts; `none`: reported work is taken at its word.'),
)
const verified = v.pipe(
  v.literal(false),
  v.description('Whether audits stand behind these numbers. There are none yet.'),
)

export const errorReply = v.pipe(
  v.object({
    code: text('Stable name of what went wrong, such as `not_found`.'),
    message: text('One or two sentences for people.'),
    details: v.pipe(
      v.record(v.string(), v.unknown()),
      v.description('What it was about; its fields depend on the code.'),
    ),
  }),
  v.description('Every error has this form.'),
)

export const healthReply = v.object({
  status: v.pipe(v.literal('ok'), v.description('The coordinator answers.')),
  protocol: count('Version of the volunteer protocol.'),
})

export const statsReply = v.object({
  hosts: count('Hosts that ever reported.'),
  connectedHosts: count('Hosts with an open session now.'),
  reports: count('Reports that were acknowledged.'),
  slices: count('Slices in them, refused ones included.'),
  items: count('Items that counted.'),
  results: count('Outputs found.'),
  creditReported: credit('Credit that waits for finality'),
  creditFinal: credit('Credit that is final'),
  trust,
  verified,
})

export const appReply = v.object({
  id: text('Names the app.'),
  version: count('Its semantics; a workunit pins one.'),
  title: text('One line about it.'),
  kernels: v.pipe(
    v.array(
      v.object({
        backend: v.pipe(v.picklist(['wasm', 'webgpu']), v.description('What it runs on.')),
        hash: text('SHA-256 of its bytes, hexadecimal.'),
        bytes: count('Its size.'),
        url: text('Where it is.'),
      }),
    ),
    v.description('What may compute it.'),
  ),
})

export const batchReply = v.object({
  id: text('Names the batch.'),
  kind: v.pipe(batchKindSchema, v.description('`request`: submitted; the others are made here.')),
  label: text('What results of this batch are called.'),
  app: text('The app that computes it.'),
  version: count('The version of that app.'),
  title: text('As the requester wrote it.'),
  createdAt: time('When it was submitted.'),
  epsilon: v.pipe(
    v.number(),
    v.description('The share of final slices that may be wrong: audits will be planned by it.'),
  ),
  state: v.pipe(
    v.picklist(['open', 'sealed', 'cancelled']),
    v.description(
      '`open`: more workunits may come; `sealed`: no more will; `cancelled`: nothing is computed any more.',
    ),
  ),
  workunits: count('How many workunits it has.'),
  finished: count('How many of them have nothing left to compute.'),
  items: count('Items of all workunits.'),
  itemsReported: count('Items reported and not final yet.'),
  itemsFinal: count('Items that are final.'),
  credit: credit('Credit of all items'),
  creditReported: credit('Credit of the items reported and not final yet'),
  creditFinal: credit('Credit of the items that are final'),
  results: count('Outputs found so far.'),
  trust,
  verified,
})

const intervalSet = (what: string) =>
  v.pipe(
    v.array(v.number()),
    v.description(`${what}, as runs: [start, end, start, end, ...], ends exclusive`),
  )

export const workunitReply = v.object({
  id: text('Names the workunit: its batch and its position there.'),
  position: count('0-based place in its batch.'),
  source: v.pipe(
    v.nullable(v.string()),
    v.description("The requester's line number; null for work made here."),
  ),
  description: text('What it computes, in plain words.'),
  input: v.pipe(v.unknown(), v.description('What it computes on, as its app has it.')),
  itemCount: count('How many items it has.'),
  itemCost: credit('Credit for one item'),
  itemsReported: count('Items reported and not final yet.'),
  itemsFinal: count('Items that are final.'),
  reported: intervalSet('Items reported and not final yet'),
  final: intervalSet('Items that are final'),
})

export const resultReply = v.object({
  id: count('Order of arrival.'),
  workunit: text('The workunit it was found in.'),
  source: v.pipe(
    v.nullable(v.string()),
    v.description("The requester's line number; null for work made here."),
  ),
  host: text('The host that found it.'),
  foundAt: time('When its report was stored.'),
  output: v.pipe(v.unknown(), v.description('What was found, as its app has it.')),
  sentence: text('What was found, in plain words.'),
  label: text('What results of this batch are called.'),
  state: v.pipe(
    v.picklist(['reported', 'final']),
    v.description('`reported` results may still be withdrawn.'),
  ),
  provisional: v.pipe(v.literal(true), v.description('Until audits exist, every result is.')),
  verified,
})

export const hostReply = v.object({
  id: text('Names the host.'),
  firstSeenAt: time('When its first report was stored.'),
  lastSeenAt: time('When the first report of its latest session was stored.'),
  connected: v.pipe(v.boolean(), v.description('Whether it has a session now.')),
  slices: count('Slices it reported, refused ones included.'),
  items: count('Items that counted.'),
  creditReported: credit('Its credit that waits for finality'),
  creditFinal: credit('Its credit that is final'),
})

export function pageReply<Item extends v.GenericSchema>(item: Item) {
  return v.object({
    items: v.array(item),
    next: v.pipe(
      v.nullable(v.string()),
      v.description('Give this as `after` to read on; null at the end.'),
    ),
  })
}

/** What every cursor's schema begins with: transforms come after, since JSON Schema shows what is before them. */
export const cursorText = v.pipe(v.string(), v.description('`next` of the page before.'))

/** Cursors are opaque to readers; each list knows its own. */
export function pageQuery<Cursor extends v.GenericSchema<string, unknown>>(cursor: Cursor) {
  return v.object({
    after: v.optional(cursor),
    limit: v.optional(
      v.pipe(
        v.string(),
        v.description('Most items to return, 1 to 500.'),
        v.regex(/^([1-9]|[1-9][0-9]|[1-4][0-9]{2}|500)$/, 'expected a number from 1 to 500'),
        v.transform(Number),
      ),
      '100',
    ),
  })
}

export const numberCursor = v.pipe(
  cursorText,
  v.regex(/^[0-9]{1,15}$/, 'expected the `next` of a page'),
  v.transform(Number),
)

export const batchCursor = v.pipe(cursorText, batchIdSchema)

export const batchParams = v.object({
  id: v.pipe(batchIdSchema, v.description('The batch.')),
})
export const hostParams = v.object({ id: v.pipe(hostIdSchema, v.description('The host.')) })

export const submitBody = v.object({
  app: v.pipe(appIdSchema, v.description('The app; its newest version is used.')),
  title: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(120),
      v.description('What to call the batch; up to 120 characters.'),
    ),
  ),
  epsilon: v.optional(
    v.pipe(
      epsilonSchema,
      v.description('The share of wrong final slices that you can live with, 1e-6 to 0.5.'),
    ),
    DEFAULT_EPSILON,
  ),
  text: v.pipe(
    v.string(),
    v.description(
      'The work, line by line, in the format that the app reads. It is public from then on.',
    ),
  ),
})

export const submitReply = v.object({
  batch: batchReply,
  refused: v.pipe(
    v.array(v.object({ line: count('1-based.'), reason: text('Why it is not a workunit.') })),
    v.description('Lines that were left out.'),
  ),
})
