import * as v from 'valibot'
import { batchIdSchema, hostIdSchema } from '../../protocol/ids.ts'
import { batchKindSchema, trustPolicySchema } from '../../protocol/messages.ts'

/**
 * What goes over HTTP, once: these schemas read what comes in, and OpenAPI's are made from them. Times are ISO 8601,
 * credit is decimal digits.
 */

export const count = (what: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(0), v.description(what))
export const text = (what: string) => v.pipe(v.string(), v.description(what))
export const time = (what: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(what))
export const credit = (what: string) =>
  v.pipe(v.string(), v.regex(/^[0-9]+$/), v.description(`${what}; decimal digits`))
const trust = v.pipe(
  trustPolicySchema,
  v.description('How results become facts; `none`: reported work is taken at its word.'),
)
export const creditPerSecond = v.pipe(
  v.nullable(v.number()),
  v.description(
    'Credit a second that was computed here over the last minute, measured; null until it was watched for some seconds.',
  ),
)
export const provisional = v.pipe(
  v.literal(true),
  v.description('Until audits exist, every result is.'),
)
export const verified = v.pipe(
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
  creditPerSecond,
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
  over: v.pipe(
    v.boolean(),
    v.description('Whether nothing of it will be computed any more: finished, or cancelled.'),
  ),
  workunits: count('How many workunits it has.'),
  finished: count('How many of them have nothing left to compute.'),
  items: count('Items of all workunits.'),
  itemsReported: count('Items reported and not final yet.'),
  itemsFinal: count('Items that are final.'),
  credit: credit('Credit of all items'),
  creditReported: credit('Credit of the items reported and not final yet'),
  creditFinal: credit('Credit of the items that are final'),
  results: count(
    'Outputs stored so far: all that hosts found, also where the requester asked for only some of it.',
  ),
  trust,
  verified,
})

const intervalSet = (what: string) =>
  v.pipe(
    v.array(v.number()),
    v.description(`${what}, as runs: [start, end, start, end, ...], ends exclusive`),
  )

const source = v.pipe(
  v.nullable(v.string()),
  v.description("The requester's line number; null for work made here."),
)
const input = v.pipe(
  v.unknown(),
  v.description(
    'What the workunit computes on, as its app has it; what an app keeps for the requester is there only with the submit token.',
  ),
)
const output = v.pipe(v.unknown(), v.description('What was found, as its app has it.'))

export const workunitReply = v.object({
  id: text('Names the workunit: its batch and its position there.'),
  position: count('0-based place in its batch.'),
  source,
  description: text('What it computes, in plain words.'),
  input,
  itemCount: count('How many items it has.'),
  itemCost: credit('Credit for one item'),
  itemsReported: count('Items reported and not final yet.'),
  itemsFinal: count('Items that are final.'),
  reported: intervalSet('Items reported and not final yet'),
  final: intervalSet('Items that are final'),
})

export const resultReply = v.object({
  id: count('Order of arrival. Give it as `after` to read on from here.'),
  workunit: text('The workunit it was found in.'),
  source,
  host: text('The host that found it.'),
  foundAt: time('When its report was stored.'),
  input,
  output,
  sentence: text('What was found, in plain words.'),
  label: text('What results of this batch are called.'),
  state: v.pipe(
    v.picklist(['reported', 'final']),
    v.description('`reported` results may still be withdrawn.'),
  ),
  provisional,
  verified,
})

export const outcomeReply = v.object({
  no: count('Order of finishing. Give it as `after` to read on from here.'),
  workunit: text('The workunit.'),
  source,
  key: v.pipe(
    v.nullable(v.string()),
    v.description(
      "The requester's own name for it, such as an assignment id; null where there is none, and without the submit token.",
    ),
  ),
  input,
  outputs: v.pipe(
    v.array(output),
    v.description('All that was found in it, each once, in the order of its app.'),
  ),
  finishedAt: time('When its last item was reported.'),
  line: v.pipe(
    v.nullable(v.string()),
    v.description(
      'All of this in the format that was asked for, with the key only where it is shown; null without a format.',
    ),
  ),
  provisional,
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

/** A host by itself, where more is told of it than in a list. */
export const hostDetailReply = v.object({
  ...hostReply.entries,
  yields: v.pipe(
    v.array(
      v.object({
        app: text('The app.'),
        version: count('The version of that app.'),
        expected: v.pipe(
          v.number(),
          v.minValue(0),
          v.description('Outputs that the items that counted have on average.'),
        ),
        found: count('Outputs that were found in them.'),
        suspicious: v.pipe(
          v.boolean(),
          v.description(
            'Whether so few are found by chance less than once in a billion times: the host is leased no more of this.',
          ),
        ),
      }),
    ),
    v.description('By app and version, where the app can say what to expect.'),
  ),
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
