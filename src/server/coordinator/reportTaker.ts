import { createHash, type KeyObject } from 'node:crypto'
import * as v from 'valibot'
import { endTask, forgetTask, resumeTask } from '../../core/task.ts'
import type { Lease } from '../../core/state.ts'
import { MalformedFrameError, WeftError } from '../../protocol/errors.ts'
import type { HostId, TaskId, WorkunitId } from '../../protocol/ids.ts'
import {
  ackSchema,
  type HostKey,
  type OutgoingCoordinatorFrame,
  type Report,
} from '../../protocol/messages.ts'
import { chainLink, chainStart, sealStatement } from '../../protocol/statement.ts'
import {
  NotCommittedError,
  NotLeasedError,
  OutOfTurnError,
  WrongSignatureError,
} from '../errors.ts'
import { isSignedBy } from '../hostSignature.ts'
import { readLeaseToken } from '../leaseToken.ts'
import type { Log } from '../log.ts'
import { encodeSliceRecords } from '../stores/sliceRecords.ts'
import { StoreUnavailableError } from '../stores/errors.ts'
import type { Commit, NewResult, Store } from '../stores/store.ts'
import type { HostYields } from '../yields/hostYields.ts'
import type { AppShelf } from './appShelf.ts'
import { outputsBySlice } from './checkOutputs.ts'
import { conflictOf } from './conflict.ts'
import type { Claims } from './claims.ts'
import { decideChecked, decideReport } from './decideReport.ts'
import type { GroupCommitter } from './groupCommitter.ts'
import { Turns } from './turns.ts'
import { yieldsOf } from './yieldsOf.ts'

export type OutgoingAck = Extract<OutgoingCoordinatorFrame, { type: 'ack' }>

/** A host with an open session. */
export interface ReportingHost {
  readonly id: HostId
  /** As it came, and ready to verify with. */
  readonly hostKey: HostKey
  readonly key: KeyObject
  /** Grows as its reports become durable. */
  readonly yields: HostYields
}

/** How often a report is decided on anew because another coordinator was quicker, before its host is told to come again. */
const MAX_TRIES = 5

/** Where the digest chain of a live task stands. */
interface Chain {
  readonly head: Uint8Array
  /** A sealed task takes no more reports. */
  readonly sealed: boolean
}

/** From a report's bytes to its acknowledgement: everything about it is durable when it is given. */
export class ReportTaker {
  readonly #parts: Parts
  readonly #chains = new Map<TaskId, Chain>()
  /** A report sent again may arrive while the first is still being written: it waits, and gets the same answer. */
  readonly #turns = new Turns<TaskId>()
  /** Hosts that the store has met in this session of theirs. */
  readonly #introduced = new WeakSet<ReportingHost>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @param host whose session it came in: the same object for the whole session
   * @throws InvalidLeaseError, MalformedFrameError, NotLeasedError, OutOfTurnError, WrongSignatureError: nothing of it
   * counts, and nothing of it is kept
   * @throws NotCommittedError when it could not be stored
   */
  take(host: ReportingHost, report: Report): Promise<OutgoingAck> {
    const { leaseKey, now } = this.#parts
    const lease = readLeaseToken(leaseKey, report.token, { host: host.id, now: now() })
    if (report.slices.length === 0 && report.seal === undefined) {
      throw new MalformedFrameError('slices: only the last report of a task may have none')
    }
    return this.#turns.run(lease.task, async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#takeInTurn(lease, host, report)
        } catch (error) {
          if (!isConflict(error) || tries === MAX_TRIES) throw error
        }
      }
    })
  }

  /** Begins the chain of a task that was just leased. */
  open(task: TaskId, token: Uint8Array): void {
    this.#chains.set(task, { head: sha256(chainStart(token)), sealed: false })
  }

  /**
   * Ends a task whose host will not finish it.
   * @throws InvalidLeaseError
   */
  async release(host: HostId, token: Uint8Array): Promise<void> {
    const { claims, leaseKey, now } = this.#parts
    const lease = readLeaseToken(leaseKey, token, { host, now: now() })
    await this.#turns.run(lease.task, async () => {
      claims.state = endTask(claims.state, lease.task)
      this.#chains.delete(lease.task)
    })
  }

  /** How far this task has come is not known here any more: the store is asked when it reports next. */
  forget(task: TaskId): void {
    const { claims } = this.#parts
    claims.state = forgetTask(claims.state, task)
    this.#chains.delete(task)
  }

  /** Resolves when no report is under way. */
  idle(): Promise<void> {
    return this.#turns.idle()
  }

  /** Forgets the chains of tasks that the state has forgotten. */
  sweep(): void {
    const { tasks } = this.#parts.claims.state
    for (const id of this.#chains.keys()) if (!tasks.has(id)) this.#chains.delete(id)
  }

  async #takeInTurn(lease: Lease, host: ReportingHost, report: Report): Promise<OutgoingAck> {
    const { apps, claims, committer, now } = this.#parts
    const outputs = outputsBySlice(report)
    const verifiers = await apps.verifiers()
    await this.#takeUp(lease, report)

    // From here to the commit nothing waits: what was looked at is what is decided on. What is cheap comes first.
    const chain = this.#chains.get(lease.task)
    const task = claims.state.tasks.get(lease.task)
    if (chain === undefined || task === undefined) throw new NotCommittedError()
    if (report.seq < task.nextSeq) return this.#repeat(lease.task, report.seq)
    if (chain.sealed) throw new OutOfTurnError(lease.task, report.seq, task.nextSeq - 1)
    if (report.seq > task.nextSeq) throw new OutOfTurnError(lease.task, report.seq, task.nextSeq)
    const atHand = { lease, report, apps, claims, now: now() }
    const first = decideReport(atHand)
    const stray = first.outcome.refused.find(([, why]) => why === 'not-leased')
    if (stray !== undefined) throw new NotLeasedError(lease.task, stray[0])
    const head = sha256(chainLink(chain.head, report))
    if (report.seal !== undefined) {
      if (!isSignedBy(host.key, sealStatement(lease.task, head), report.seal)) {
        throw new WrongSignatureError('seal')
      }
    }
    const decision = decideChecked(atHand, first, outputs, verifiers)
    const { next, outcome, checked } = decision
    const yields = yieldsOf(atHand, decision, verifiers)

    claims.state = next
    if (next.tasks.has(lease.task)) this.#chains.set(lease.task, { head, sealed: false })
    else this.#chains.delete(lease.task)
    const { accepted, refused, updated, acceptedItems, credit, standing } = outcome
    const ack: OutgoingAck = {
      type: 'ack',
      task: lease.task,
      seq: report.seq,
      acceptedItems,
      refused: refused.map(([index, why]) => [index, why]),
      credit: String(credit),
      state: standing,
    }
    const receivedAt = now()
    const looked = report.slices.flatMap(([grant]) => lease.grants[grant]?.workunit ?? [])
    const commit: Commit = {
      host: this.#introduced.has(host)
        ? undefined
        : { id: host.id, key: host.hostKey, seenAt: receivedAt },
      report: {
        task: lease.task,
        seq: report.seq,
        host: lease.host,
        receivedAt,
        slices: encodeSliceRecords(report.slices),
        sliceCount: report.slices.length,
        head,
        seal: report.seal ?? null,
        ack: JSON.stringify(ack),
        acceptedItems,
        creditReported: standing === 'reported' ? credit : 0n,
        creditFinal: standing === 'final' ? credit : 0n,
      },
      workunits: updated.map(({ id, epoch, reported, final }) => ({ id, epoch, reported, final })),
      results: accepted.flatMap((slice) => {
        const found = checked.get(slice)
        if (found?.status !== 'hold') return []
        const { workunit, values } = found
        return values.map((output): NewResult => ({
          workunit,
          host: lease.host,
          output,
          state: standing,
          foundAt: receivedAt,
        }))
      }),
      yields,
    }
    const written = committer.add(commit, [...new Set(looked)])
    const finished = updated.filter(({ id }) => !next.workunits.has(id)).map(({ id }) => id)
    if (finished.length > 0) claims.finish(finished, written)
    await written
    this.#introduced.add(host)
    host.yields.add(yields)
    return ack
  }

  /**
   * Learns from the store what has to be known of the task. A store that does not answer is no fault of the report.
   * @throws NotCommittedError
   */
  async #takeUp(lease: Lease, report: Report): Promise<void> {
    try {
      await this.#resume(lease, report)
      if (!this.#isAhead(lease, report)) return
      this.forget(lease.task)
      await this.#resume(lease, report)
    } catch (cause) {
      if (cause instanceof WeftError && !(cause instanceof StoreUnavailableError)) throw cause
      this.#parts.log.error({ err: cause }, 'the store does not answer: a report must come again')
      throw new NotCommittedError({ cause })
    }
  }

  /** Whether the host has, perhaps, reported to another coordinator in between. */
  #isAhead({ task }: Lease, { seq }: Report): boolean {
    const { claims, store } = this.#parts
    return store.shared && seq > (claims.state.tasks.get(task)?.nextSeq ?? seq)
  }

  /** Sees to it that the task is live and that what the report names is in the state, if it can be. */
  async #resume(lease: Lease, report: Report): Promise<void> {
    const { claims, store, now } = this.#parts
    const gone = new Set<WorkunitId>()
    for (;;) {
      const live = claims.state.tasks.has(lease.task)
      const named = live
        ? report.slices.flatMap(([grant]) => lease.grants[grant]?.workunit ?? [])
        : lease.grants.map((grant) => grant.workunit)
      const missing = [...new Set(named)].filter(
        (id) => !claims.state.workunits.has(id) && !gone.has(id),
      )
      if (missing.length > 0) {
        for (const id of await claims.load(missing)) gone.add(id)
        continue
      }
      if (live && this.#chains.has(lease.task)) return
      await claims.ready()
      const stored = await store.task(lease.task)
      if (!claims.state.tasks.has(lease.task)) {
        claims.state = resumeTask(claims.state, lease, stored, now())
      }
      this.#chains.set(lease.task, {
        head: stored?.head ?? sha256(chainStart(report.token)),
        sealed: stored?.sealed ?? false,
      })
    }
  }

  async #repeat(task: TaskId, seq: number): Promise<OutgoingAck> {
    const stored = await this.#parts.store.report(task, seq)
    if (stored === undefined) throw new MalformedFrameError(`seq: there was no report ${seq}`)
    const text: unknown = JSON.parse(stored.ack)
    v.parse(ackSchema, text)
    return text as OutgoingAck // what `ackSchema` reads, before it turns credit into a bigint
  }
}

interface Parts {
  readonly apps: AppShelf
  readonly claims: Claims
  readonly committer: GroupCommitter
  readonly store: Store
  readonly log: Log
  /** Signs lease tokens. */
  readonly leaseKey: KeyObject
  readonly now: () => number
}

function isConflict(error: unknown): boolean {
  return error instanceof NotCommittedError && conflictOf(error.cause) !== undefined
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
