import { createHash, type KeyObject } from 'node:crypto'
import * as v from 'valibot'
import { acceptReport, type ReportedSlice } from '../../core/report.ts'
import { endTask, resumeTask } from '../../core/task.ts'
import type { Lease } from '../../core/state.ts'
import { MalformedFrameError } from '../../protocol/errors.ts'
import type { HostId, TaskId, WorkunitId } from '../../protocol/ids.ts'
import {
  ackSchema,
  type OutgoingCoordinatorFrame,
  type Report,
  type TrustPolicyName,
} from '../../protocol/messages.ts'
import { chainLink, chainStart, sealStatement } from '../../protocol/statement.ts'
import { NotCommittedError, OutOfTurnError, WrongSignatureError } from '../errors.ts'
import { isSignedBy } from '../hostSignature.ts'
import { readLeaseToken } from '../leaseToken.ts'
import { encodeSliceRecords } from '../stores/sliceRecords.ts'
import type { NewResult, Store } from '../stores/store.ts'
import type { AppShelf } from './appShelf.ts'
import { checkOutputs, type CheckedOutput } from './checkOutputs.ts'
import type { Claims } from './claims.ts'
import type { GroupCommitter } from './groupCommitter.ts'
import { Turns } from './turns.ts'

/** Under `none`, reported work is taken at its word; everything that is shown says so. */
export const TRUST: TrustPolicyName = 'none'

export type OutgoingAck = Extract<OutgoingCoordinatorFrame, { type: 'ack' }>

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

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @param host whose session it came in, and its key
   * @throws InvalidLeaseError, MalformedFrameError, OutOfTurnError, WrongSignatureError: nothing of it counts
   * @throws NotCommittedError when it could not be stored
   */
  take(host: { id: HostId; key: KeyObject }, report: Report): Promise<OutgoingAck> {
    const lease = readLeaseToken(this.#parts.leaseKey, report.token, host.id)
    return this.#turns.run(lease.task, () => this.#takeInTurn(lease, host.key, report))
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
    const { claims, leaseKey } = this.#parts
    const lease = readLeaseToken(leaseKey, token, host)
    await this.#turns.run(lease.task, async () => {
      claims.state = endTask(claims.state, lease.task)
      this.#chains.delete(lease.task)
    })
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

  async #takeInTurn(lease: Lease, key: KeyObject, report: Report): Promise<OutgoingAck> {
    const { apps, claims, committer, now } = this.#parts
    const verifiers = report.outputs.length > 0 ? await apps.verifiers() : undefined
    await this.#resume(lease, report)

    // From here to the commit nothing waits: what was looked at is what is decided on.
    const chain = this.#chains.get(lease.task)
    const task = claims.state.tasks.get(lease.task)
    if (chain === undefined || task === undefined) throw new NotCommittedError()
    if (report.seq >= task.nextSeq && chain.sealed) {
      throw new OutOfTurnError(lease.task, report.seq, task.nextSeq - 1)
    }
    const outputs =
      verifiers === undefined ? [] : checkOutputs(lease, report, { apps, claims, verifiers })
    const bad = new Set(outputs.filter((output) => !output.holds).map((output) => output.slice))
    const slices = report.slices.map(([grant, start, log2], index): ReportedSlice => ({
      grant,
      start,
      log2,
      badOutput: bad.has(index),
    }))
    const head = report.seq === task.nextSeq ? nextHead(chain.head, report) : chain.head
    if (report.seal !== undefined && report.seq === task.nextSeq) {
      if (!isSignedBy(key, sealStatement(lease.task, head), report.seal)) {
        throw new WrongSignatureError('seal')
      }
    }
    const last = report.seal !== undefined
    const [next, outcome] = acceptReport(
      claims.state,
      { lease, seq: report.seq, slices, last, now: now() },
      TRUST,
    )
    switch (outcome.status) {
      case 'replayed':
        return this.#repeat(lease.task, report.seq)
      case 'outOfTurn':
        throw new OutOfTurnError(lease.task, report.seq, outcome.expected)
      case 'unknownTask':
        throw new NotCommittedError()
      case 'accepted':
    }

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
    const written = committer.add({
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
      results: resultsOf(outputs, new Set(accepted), lease.host, standing, receivedAt),
    })
    const finished = updated.filter(({ id }) => !next.workunits.has(id)).map(({ id }) => id)
    if (finished.length > 0) claims.finish(finished, written)
    await written
    return ack
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
        claims.state = resumeTask(claims.state, lease, stored?.nextSeq ?? 0, now())
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
  /** Signs lease tokens. */
  readonly leaseKey: KeyObject
  readonly now: () => number
}

function nextHead(head: Uint8Array, report: Report): Uint8Array {
  return sha256(chainLink(head, report))
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

function resultsOf(
  outputs: readonly CheckedOutput[],
  accepted: ReadonlySet<number>,
  host: HostId,
  state: 'reported' | 'final',
  foundAt: number,
): NewResult[] {
  return outputs.flatMap((output) =>
    output.holds && accepted.has(output.slice)
      ? [{ workunit: output.workunit, host, output: output.value, state, foundAt }]
      : [],
  )
}
