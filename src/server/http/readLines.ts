import * as v from 'valibot'
import type { AnyApp, Policy } from '../../apps/app.ts'
import { creditFor, type Credit } from '../../protocol/credit.ts'
import { NothingToDoError, type RefusedLine, type RefusedLines } from '../errors.ts'
import { newWorkunit } from '../newWorkunit.ts'
import { BatchTooLargeError } from '../stores/errors.ts'
import type { NewWorkunit } from '../stores/store.ts'

/** The most workunits of one batch. */
const MAX_WORKUNITS = 10_000
/** The most items and the most credit of one batch: sums of them stay exact, and counters of all batches far from 2^63. */
const MAX_ITEMS = Number.MAX_SAFE_INTEGER
const MAX_CREDIT = 2n ** 53n
/** The most refused lines that are listed: a body of 1 MiB has room for 350,000, whose reasons would take tens of MB. */
export const MAX_REFUSED_LISTED = 1_000
/** Longest time that reading lines keeps the coordinator from everything else, ms. */
const STEP_MS = 8

/** What a requester's text comes to. */
export interface ReadLines extends RefusedLines {
  readonly workunits: readonly NewWorkunit[]
  readonly items: number
  readonly credit: Credit
}

/**
 * Turns a requester's text into workunits, one a line.
 * @param policy what the operator lets be computed; everything without one
 * @throws NothingToDoError when no line is one
 * @throws BatchTooLargeError
 */
export async function readLines(
  app: AnyApp,
  text: string,
  policy?: Policy<unknown>,
): Promise<ReadLines> {
  const generator = await app.load.generator()
  const workunits: NewWorkunit[] = []
  const refused: RefusedLine[] = []
  let refusedCount = 0
  let items = 0n
  let credit = 0n
  const refuse = (line: number, reason: string): void => {
    refusedCount++
    if (refused.length < MAX_REFUSED_LISTED) refused.push({ line, reason })
  }
  let stepped = performance.now()
  for (const parsed of generator.parse(text)) {
    if (parsed.status === 'refused') refuse(parsed.line, parsed.reason)
    else if (workunits.length === MAX_WORKUNITS) {
      refuse(parsed.line, `a batch has at most ${MAX_WORKUNITS} workunits`)
    } else {
      const { line, key } = parsed
      const input: unknown = v.parse(app.inputSchema, parsed.input)
      const ruling = policy?.(input)
      if (ruling?.status === 'refused') refuse(line, ruling.reason)
      else {
        const workunit = newWorkunit(app, input, { source: String(line), key })
        workunits.push(workunit)
        items += BigInt(workunit.itemCount)
        credit += creditFor(workunit.itemCount, workunit.itemCost)
        if (items > MAX_ITEMS) throw new BatchTooLargeError('items', MAX_ITEMS)
        if (credit > MAX_CREDIT) throw new BatchTooLargeError('credit', MAX_CREDIT)
      }
    }
    if (performance.now() - stepped < STEP_MS) continue
    await new Promise(setImmediate)
    stepped = performance.now()
  }
  if (workunits.length === 0) throw new NothingToDoError({ refused, refusedCount })
  return { workunits, items: Number(items), credit, refused, refusedCount }
}
