import type { Credit } from '../protocol/credit.ts'
import type { Ack } from '../protocol/messages.ts'
import type { Delivery } from './outbox.ts'
import { VisitLog } from './visitLog.ts'

/** What an engine remembers from one start to the next. */
export interface Carried {
  readonly log: VisitLog
  share: number
  /** Credit per second of one worker at full duty, as the canary measured it. */
  canary: number | undefined
  /** The same, as measured on real slices since. */
  rate: number | undefined
  slicesDone: number
  itemsDone: number
  itemsAccepted: number
  creditEarned: Credit
  credit: { readonly reported: Credit; readonly final: Credit }
}

export function nothingCarried(share: number): Carried {
  return {
    log: new VisitLog(),
    share,
    canary: undefined,
    rate: undefined,
    slicesDone: 0,
    itemsDone: 0,
    itemsAccepted: 0,
    creditEarned: 0n,
    credit: { reported: 0n, final: 0n },
  }
}

/** What is shown of it. */
export function figuresOf(carried: Carried) {
  const { log, share, canary, slicesDone, itemsDone, itemsAccepted, creditEarned, credit } = carried
  const { stitches, finds } = log
  const counts = { slicesDone, itemsDone, itemsAccepted, creditEarned, credit }
  return { stitches, finds, share, canary, ...counts }
}

/** Weight of the latest slice in the measured speed. */
const FRESHNESS = 0.2

/** Takes note of a slice that was computed. @param busyMs of one worker, or summed over several */
export function noteSlice(
  carried: Carried,
  slice: { readonly items: number; readonly itemCost: Credit; readonly busyMs: number },
): void {
  carried.slicesDone++
  carried.itemsDone += slice.items
  const rate = (slice.items * Number(slice.itemCost) * 1_000) / Math.max(slice.busyMs, 0.01)
  carried.rate =
    carried.rate === undefined ? rate : carried.rate + FRESHNESS * (rate - carried.rate)
}

/** Takes note of what the coordinator said about a report. */
export function noteAck(carried: Carried, { stitches, resent }: Delivery, ack: Ack): void {
  carried.log.acknowledged(stitches, ack)
  // What was sent before may be in the credit that the welcome told already.
  if (!resent) {
    const standing = carried.credit[ack.state]
    carried.credit = { ...carried.credit, [ack.state]: standing + ack.credit }
  }
  const ofThisVisit = stitches.some((stitch) => stitch !== undefined)
  if (!ofThisVisit) return
  carried.itemsAccepted += ack.acceptedItems
  carried.creditEarned += ack.credit
}
