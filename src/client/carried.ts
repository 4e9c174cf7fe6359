import type { Credit } from '../protocol/credit.ts'
import type { AppId } from '../protocol/ids.ts'
import type { Ack } from '../protocol/messages.ts'
import { DISPATCH_MS, type Effort } from '../runtime/governor.ts'
import type { SliceResult } from '../runtime/sliceRun.ts'
import type { BackendPreference, Backend, BackendSpeeds } from './gpuState.ts'
import type { Delivery } from './outbox.ts'
import { VisitLog } from './visitLog.ts'

/** What an engine remembers from one start to the next. */
export interface Carried {
  readonly log: VisitLog
  share: number
  preference: BackendPreference
  /** Of which apps the person wants to compute; undefined means all. */
  apps: readonly AppId[] | undefined
  /** How long one GPU submission may take, ms. */
  dispatchMs: number
  /** Credit per second of one worker at full duty, as the canary measured it. */
  canary: number | undefined
  /** Credit per second of all workers and of the GPU at full share, as they were measured. */
  speeds: BackendSpeeds | undefined
  /** Credit per second of one worker and of the GPU at full duty, as measured on real slices since. */
  rate: Readonly<Partial<Record<Backend, number>>>
  slicesDone: number
  itemsDone: number
  itemsAccepted: number
  creditEarned: Credit
  credit: { readonly reported: Credit; readonly final: Credit }
}

export function nothingCarried(
  share: number,
  preference: BackendPreference,
  apps: readonly AppId[] | undefined,
): Carried {
  return {
    log: new VisitLog(),
    share,
    preference,
    apps,
    dispatchMs: DISPATCH_MS.unseen,
    canary: undefined,
    speeds: undefined,
    rate: {},
    slicesDone: 0,
    itemsDone: 0,
    itemsAccepted: 0,
    creditEarned: 0n,
    credit: { reported: 0n, final: 0n },
  }
}

/** What is shown of it. */
export function figuresOf(carried: Carried) {
  const { log, share, preference, apps, canary } = carried
  const { slicesDone, itemsDone, itemsAccepted, creditEarned, credit } = carried
  const { stitches, finds } = log
  const counts = { slicesDone, itemsDone, itemsAccepted, creditEarned, credit }
  return { stitches, finds, share, preference, apps, canary, ...counts }
}

/** Weight of the latest slice in the measured speed. */
const FRESHNESS = 0.2

/** Takes note of a slice that was computed, and of who did it. */
export function noteSlice(carried: Carried, itemCost: Credit, { by }: SliceResult): void {
  carried.slicesDone++
  carried.itemsDone += by.wasm.items + by.webgpu.items
  for (const backend of ['wasm', 'webgpu'] as const) {
    const { items, busyMs } = by[backend]
    if (items === 0) continue
    const rate = (items * Number(itemCost) * 1_000) / Math.max(busyMs, 0.01)
    const before = carried.rate[backend] ?? rate
    carried.rate = { ...carried.rate, [backend]: before + FRESHNESS * (rate - before) }
  }
}

/** Credit per second at this effort, as far as it is known. */
export function speedOf({ rate, canary, speeds }: Carried, effort: Effort): number {
  const worker = rate.wasm ?? canary ?? 0
  const gpu = rate.webgpu ?? speeds?.webgpu ?? 0
  return worker * effort.workers * effort.duty + gpu * effort.gpu
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
