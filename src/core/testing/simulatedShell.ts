import * as v from 'valibot'
import {
  appIdSchema,
  batchIdSchema,
  hostIdOf,
  taskIdOf,
  workunitIdOf,
  type AppId,
  type HostId,
  type TaskId,
  type WorkunitId,
} from '../../protocol/ids.ts'
import { rangesOf } from '../../protocol/intervalSet.ts'
import type { BatchKind } from '../../protocol/messages.ts'
import { sliceRange, slicesOf, type Slice } from '../../protocol/slice.ts'
import { closeBatch, forgetWorkunits, openWorkunits } from '../claim.ts'
import { leaseTask, type LeaseOutcome } from '../lease.ts'
import { acceptReport, type ReportOutcome } from '../report.ts'
import { emptyState, type CoreState, type Lease, type Workunit } from '../state.ts'
import { endTask, expireLeases, hostLeft, resumeTask } from '../task.ts'
import { isFinal } from '../workunit.ts'

/**
 * The least shell that core can live in, for its laws: what is durable is kept apart from the state, commits at once, and
 * counts every item that was ever credited. `crash` forgets everything else, as a restart does.
 */
export class SimulatedShell {
  state: CoreState = emptyState
  now = 1_000_000
  /** How often each item was credited: the law is never more than once. */
  readonly credits = new Map<WorkunitId, number[]>()
  granted = 0n
  readonly leases: Lease[] = []
  batchesAdded = 0
  readonly #durable = new Map<WorkunitId, Workunit>()
  readonly #tasks = new Map<
    TaskId,
    { nextSeq: number; sealed: boolean; outcomes: ReportOutcome[] }
  >()
  readonly #kinds = new Map<string, { readonly kind: BatchKind; readonly app: AppId }>()
  #serial = 0

  addBatch(
    name: string,
    kind: BatchKind,
    itemCounts: readonly number[],
    itemCost = 3n,
    appName = 'some-app',
  ): void {
    const batch = v.parse(batchIdSchema, name)
    const app = v.parse(appIdSchema, appName)
    this.#kinds.set(name, { kind, app })
    this.batchesAdded++
    itemCounts.forEach((itemCount, position) => {
      const id = workunitIdOf(batch, position)
      const sets = { reported: [], final: [], leased: [] }
      this.#durable.set(id, { id, batch, app, version: 1, itemCount, itemCost, epoch: 0, ...sets })
      this.credits.set(id, Array<number>(itemCount).fill(0))
    })
    this.#claimAll()
  }

  /** Everything but the durable part is gone; claims come back under a new epoch. */
  crash(): void {
    this.state = emptyState
    this.#claimAll()
  }

  ask(host: HostId, speed: number): LeaseOutcome {
    const task = taskIdOf(bytesOf(++this.#serial))
    const [state, outcome] = leaseTask(this.state, {
      host,
      task,
      now: this.now,
      speed,
      canRun: () => true,
      random: () => BigInt(++this.#serial),
    })
    this.state = state
    if (outcome.status === 'leased') this.leases.push(outcome.lease)
    return outcome
  }

  report(
    lease: Lease,
    slices: readonly (Slice & { grant: number })[],
    options: ReportOptions = {},
  ): ReportOutcome {
    const stored = this.#tasks.get(lease.task)
    if (!this.state.tasks.has(lease.task)) {
      this.state = resumeTask(this.state, lease, stored, this.now)
    }
    const seq = options.seq ?? this.state.tasks.get(lease.task)?.nextSeq ?? 0
    const [state, outcome] = acceptReport(
      this.state,
      {
        lease,
        seq,
        slices: slices.map((slice) => ({ ...slice, badOutput: options.bad ?? false })),
        last: options.last ?? false,
        now: this.now,
      },
      'none',
    )
    this.state = state
    if (outcome.status !== 'accepted') return outcome
    for (const workunit of outcome.updated)
      this.#durable.set(workunit.id, { ...workunit, leased: [] })
    for (const index of outcome.accepted) this.#count(lease, slices[index])
    this.granted += outcome.credit
    this.#tasks.set(lease.task, {
      nextSeq: seq + 1,
      sealed: options.last ?? false,
      outcomes: [...(stored?.outcomes ?? []), outcome],
    })
    return outcome
  }

  release(lease: Lease): void {
    this.state = endTask(this.state, lease.task)
  }

  leave(host: HostId): void {
    this.state = hostLeft(this.state, host)
  }

  pass(ms: number): void {
    this.now += ms
    this.state = expireLeases(this.state, this.now)
  }

  /** Another coordinator took these workunits, or what was written of them is in doubt; they come back as they are stored. */
  dispute(ids: ReadonlySet<WorkunitId>): void {
    this.state = forgetWorkunits(this.state, ids)
    this.#claim((one) => ids.has(one.id))
  }

  cancel(name: string): void {
    this.state = closeBatch(this.state, v.parse(batchIdSchema, name))
    this.#kinds.delete(name)
    for (const id of this.#durable.keys()) if (id.startsWith(`${name}.`)) this.#durable.delete(id)
  }

  /** Whether everything that was not cancelled is done. */
  isFinished(): boolean {
    return [...this.#durable.values()].every(isFinal)
  }

  #claimAll(): void {
    this.#claim(() => true)
  }

  #claim(isWanted: (workunit: Workunit) => boolean): void {
    for (const [name, { kind, app }] of this.#kinds) {
      const batch = v.parse(batchIdSchema, name)
      const claimed = [...this.#durable.values()].filter(
        (one) => one.batch === batch && !isFinal(one) && isWanted(one),
      )
      const raised = claimed.map((one) => ({ ...one, epoch: one.epoch + 1 }))
      for (const one of raised) this.#durable.set(one.id, one)
      this.state = openWorkunits(this.state, { id: batch, kind, app, version: 1 }, raised)
    }
  }

  #count(lease: Lease, slice: (Slice & { grant: number }) | undefined): void {
    const grant = slice && lease.grants[slice.grant]
    const counts = grant && this.credits.get(grant.workunit)
    if (slice === undefined || counts === undefined) throw new Error('accepted a slice of nothing')
    const { start, end } = sliceRange(slice)
    for (let item = start; item < end; item++) counts[item] = (counts[item] ?? 0) + 1
  }
}

interface ReportOptions {
  readonly seq?: number
  readonly last?: boolean
  readonly bad?: boolean
}

/** Leases work to a host, or fails the test. */
export function leaseOf(shell: SimulatedShell, host: HostId, speed: number): Lease {
  const outcome = shell.ask(host, speed)
  if (outcome.status !== 'leased') throw new Error(`no work: ${outcome.reason}`)
  return outcome.lease
}

/** Every slice of a lease, with the grant it belongs to. */
export function slicesOfLease(lease: Lease): (Slice & { grant: number })[] {
  return lease.grants.flatMap((grant, index) =>
    slicesOf(grant, grant.log2).map((slice) => ({ ...slice, grant: index })),
  )
}

export function testHost(n: number): HostId {
  return hostIdOf(bytesOf(n))
}

/** The items that live tasks hold of a workunit, each as often as it is held. */
export function heldItems(state: CoreState, id: WorkunitId): number[] {
  return state.tasks
    .valueSeq()
    .toArray()
    .flatMap((task) => rangesOf(task.held.get(id) ?? []))
    .flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))
    .toSorted((a, b) => a - b)
}

function bytesOf(n: number): Uint8Array {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}
