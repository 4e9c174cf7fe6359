import * as v from 'valibot'
import { DEFAULT_EPSILON, epsilonSchema } from '../../protocol/epsilon.ts'
import { appIdSchema } from '../../protocol/ids.ts'
import { MAX_REFUSED_LISTED } from './readLines.ts'
import { batchReply, count, credit, creditPerSecond, text } from './schemas.ts'

/** What requesters hand in, and what they are told about it. */

const app = v.pipe(appIdSchema, v.description('The app; its newest version is used.'))

const work = (end: string) =>
  v.pipe(
    v.string(),
    v.description(`The work, line by line, in the format that the app reads. ${end}`),
  )

export const submitBody = v.object({
  app,
  title: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(120),
      // PostgreSQL has no room for U+0000, and terminals would obey the others.
      v.check(
        (title) => !/\p{Cc}/u.test(title),
        'a title is one line of text, without control characters',
      ),
      v.description('What to call the batch; one line of up to 120 characters.'),
    ),
  ),
  epsilon: v.optional(
    v.pipe(
      epsilonSchema,
      v.description('The share of wrong final slices that you can live with, 1e-6 to 0.5.'),
    ),
    DEFAULT_EPSILON,
  ),
  text: work('It is public from then on, but for keys and what its app keeps for the requester.'),
})

const refused = {
  refused: v.pipe(
    v.array(v.object({ line: count('1-based.'), reason: text('Why it is not a workunit.') })),
    v.description(`Lines that were left out: the first ${MAX_REFUSED_LISTED} of them.`),
  ),
  refusedCount: count('How many lines were left out.'),
}

export const submitReply = v.object({ batch: batchReply, ...refused })

export const estimateBody = v.object({ app, text: work('It is not kept.') })

const seconds = (what: string) =>
  v.pipe(
    v.nullable(v.number()),
    v.description(`${what}, at that rate, s; null while there is none, or nothing is computed.`),
  )

export const estimateReply = v.object({
  workunits: count('How many lines are workunits.'),
  items: count('Items of all of them.'),
  credit: credit('Credit of all items'),
  ...refused,
  withinQuota: v.pipe(v.boolean(), v.description('Whether it could be submitted now.')),
  ahead: v.pipe(
    v.object({
      workunits: count('Workunits that are not finished.'),
      credit: credit('Credit of the items that nobody has reported'),
    }),
    v.description('What was requested before and is not finished: it shares the devices.'),
  ),
  creditPerSecond,
  seconds: seconds('How long this batch alone would take'),
  secondsWithAhead: seconds('How long it would take if all that is ahead had to be done first'),
  price: v.pipe(v.null(), v.description('Nothing is charged yet.')),
})
