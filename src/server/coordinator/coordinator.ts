import { randomBytes, type KeyObject } from 'node:crypto'
import { leaseTask } from '../../core/lease.ts'
import type { Lease } from '../../core/state.ts'
import { expireLeases, forgetHosts, hostLeft } from '../../core/task.ts'
import { digestFromBytes, digestToBytes } from '../../protocol/digest.ts'
import { NotFoundError } from '../../protocol/errors.ts'
import { taskIdOf, type BatchId, type HostId } from '../../protocol/ids.ts'
import type { OutgoingCoordinatorFrame, Report } from '../../protocol/messages.ts'
import { NotCancellableError } from '../errors.ts'
import { inputFor } from '../inputFor.ts'
import { leaseKey, writeLeaseToken } from '../leaseToken.ts'
import type { Log } from '../log.ts'
import type { NewBatch, NewWorkunit, Store } from '../stores/store.ts'
import type { AppShelf } from './appShelf.ts'
import type { KnownBatch } from './batchesInView.ts'
import { Claims } from './claims.ts'
import type { Conflict } from './conflict.ts'
import { GroupCommitter } from './groupCommitter.ts'
import { ReportTaker, type OutgoingAck, type ReportingHost } from './reportTaker.ts'
import { cancelUnfinishedSubmissions, findOpenBatches } from './openBatches.ts'

type WorkFrame = Extract<OutgoingCoordinatorFrame, { type: 'task' | 'noWork' }>

/** How often more is claimed for one host that asks, while others that ask at the same time take it all. */
const MAX_CLAIMS = 8
/** After a store failed, how long until it is tried again. */
const RETRY_STORE_MS = 1_000
/** Workunits of a submission are written in steps, so that reports get their turn in between. */
const ADD_STEP = 500

/**
 * The shell's centre: it owns the one state of the core, and it alone writes what hosts report. What it holds in memory
 * may be lost at any moment; when a commit fails, it is thrown away on purpose and read again from the store.
 */
export class Coordinator {
  readonly apps: AppShelf
  readonly store: Store
  readonly #parts: CoordinatorParts
  readonly #log: Log
  readonly #now: () => number
  readonly #leaseKey: KeyObject
  readonly #claims: Claims
  readonly #committer: GroupCommitter
  readonly #reports: ReportTaker
  #stopped = false

  private constructor(parts: CoordinatorParts, key: KeyObject) {
    this.#parts = parts
    this.apps = parts.apps
    this.store = parts.store
    this.#log = parts.log
    this.#now = parts.now
    this.#leaseKey = key
    this.#claims = new Claims({ ...parts, findBatches: (known) => findOpenBatches(parts, known) })
    this.#committer = new GroupCommitter({
      write: (commits) => parts.store.commit(commits),
      onConflict: (conflict, cause) => this.#giveWay(conflict, cause),
      onFailure: (cause) => void this.#beginAgain(cause),
    })
    this.#reports = new ReportTaker({
      ...parts,
      leaseKey: key,
      claims: this.#claims,
      committer: this.#committer,
    })
  }

  /** Takes up what the store holds. */
  static async open(parts: CoordinatorParts): Promise<Coordinator> {
    const coordinator = new Coordinator(parts, leaseKey(await parts.store.secret('lease-token')))
    await cancelUnfinishedSubmissions(parts)
    await coordinator.#claims.begin((cause) => Promise.reject(cause))
    return coordinator
  }

  /**
   * Leases work to a host, or says why there is none. Claiming may take a while; to a host that is gone by then nothing is
   * leased, and the answer is undefined.
   */
  async ask(ask: {
    host: HostId
    speed: number
    canRun: (app: string, version: number) => boolean
    isHere: () => boolean
  }): Promise<WorkFrame | undefined> {
    for (let tries = 1; ; tries++) {
      await this.#claims.ready()
      if (!ask.isHere()) return undefined
      const [state, outcome] = leaseTask(this.#claims.state, {
        ...ask,
        task: taskIdOf(randomBytes(16)),
        now: this.#now(),
        random: () => digestFromBytes(randomBytes(8)),
      })
      this.#claims.state = state
      if (outcome.status === 'leased') {
        this.#claims.note(outcome.lease)
        void this.#topUp()
        return this.#taskFrame(outcome.lease, outcome.leaseMs)
      }
      const { reason, retryAfterMs } = outcome
      const hopeless = reason === 'too-many-tasks' || tries === MAX_CLAIMS
      if (hopeless || !(await this.#topUp())) return { type: 'noWork', reason, retryAfterMs }
    }
  }

  /** See `ReportTaker.take`. */
  report(host: ReportingHost, report: Report): Promise<OutgoingAck> {
    return this.#reports.take(host, report)
  }

  /** See `ReportTaker.release`. */
  release(host: HostId, token: Uint8Array): Promise<void> {
    return this.#reports.release(host, token)
  }

  /** A host said goodbye: what it did not finish may be leased again at once. */
  leave(host: HostId): void {
    this.#claims.state = hostLeft(this.#claims.state, host)
  }

  expireLeases(): void {
    this.#claims.state = expireLeases(this.#claims.state, this.#now())
    this.#reports.sweep()
  }

  forgetHosts(isConnected: (host: HostId) => boolean): void {
    this.#claims.state = forgetHosts(this.#claims.state, isConnected)
  }

  renewClaims(): Promise<void> {
    return this.#claims.renew()
  }

  /** Sees what other coordinators have done to the store. */
  look(): Promise<void> {
    return this.#claims.look()
  }

  /** Cancels what another coordinator, that died of it, began to store. */
  cancelUnfinishedSubmissions(): Promise<void> {
    return cancelUnfinishedSubmissions(this.#parts)
  }

  /**
   * Stores a whole batch and opens it for leasing, unless it was cancelled meanwhile. One that fails midway is cancelled; one that a crash cuts short is
   * cancelled at the next start.
   */
  async addBatch(batch: NewBatch, workunits: readonly NewWorkunit[]): Promise<void> {
    await this.store.addBatch(batch)
    try {
      for (let from = 0; from < workunits.length; from += ADD_STEP) {
        await this.store.addWorkunits(batch.id, from, workunits.slice(from, from + ADD_STEP))
        await new Promise(setImmediate)
      }
      // Somebody may have cancelled it while it was being stored.
      if ((await this.store.setBatchState(batch.id, 'sealed')) === 'cancelled') return
    } catch (cause) {
      await this.store.setBatchState(batch.id, 'cancelled').catch((failure: unknown) => {
        this.#log.error({ err: failure, batch: batch.id }, 'half a batch was not cancelled')
      })
      throw cause
    }
    this.#claims.open({ ...batch, state: 'sealed' })
  }

  /** Opens for leasing what was added to a batch that stays open. */
  openBatch(batch: KnownBatch): void {
    this.#claims.open(batch)
  }

  /**
   * Nothing of the batch is leased or counted any more.
   * @throws NotFoundError
   * @throws NotCancellableError when nobody submitted it, or all of it is done
   */
  async cancelBatch(id: BatchId): Promise<void> {
    const batch = await this.store.batch(id)
    if (batch === undefined) throw new NotFoundError('batch', id)
    if (batch.kind !== 'request') throw new NotCancellableError(id, 'seed')
    if (batch.state === 'sealed' && batch.finished === batch.workunits) {
      throw new NotCancellableError(id, 'finished')
    }
    await this.store.setBatchState(id, 'cancelled')
    this.#claims.close(id)
  }

  /** Resolves when every report that arrived is answered. */
  idle(): Promise<void> {
    return this.#reports.idle()
  }

  /** Finishes what is under way and gives the claims back. The store stays open. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#reports.idle()
    await this.#committer.idle()
    await this.#claims.release()
  }

  /** Never rejects: a store that does not answer has nothing for the time being. */
  async #topUp(): Promise<boolean> {
    try {
      return await this.#claims.topUp()
    } catch (cause) {
      this.#log.error({ err: cause }, 'claiming more work failed')
      return false
    }
  }

  #taskFrame(lease: Lease, leaseMs: number): WorkFrame {
    const token = writeLeaseToken(this.#leaseKey, lease)
    this.#reports.open(lease.task, token)
    const ids = [...new Set(lease.grants.map((grant) => grant.workunit))]
    const indexes = new Map(ids.map((id, index) => [id, index]))
    const { state } = this.#claims
    return {
      type: 'task',
      task: lease.task,
      token,
      leaseMs,
      workunits: ids.flatMap((id) => {
        const workunit = state.workunits.get(id)
        const batch = workunit && state.batches.get(workunit.batch)
        if (!workunit || !batch) return []
        const { app, version, itemCount, itemCost } = workunit
        const record = this.#claims.record(id)
        return {
          id,
          batch: batch.id,
          kind: batch.kind,
          app,
          version,
          input: record && inputFor('public', this.apps.get(app, version), record.input),
          itemCount,
          itemCost: String(itemCost),
        }
      }),
      grants: lease.grants.map(({ workunit, start, end, log2, seed }) => ({
        workunit: indexes.get(workunit) ?? 0,
        start,
        end,
        log2,
        seed: digestToBytes(seed),
      })),
    }
  }

  /** Another coordinator was quicker: what it has done is looked up when a host reports next. */
  #giveWay(conflict: Conflict, cause: unknown): void {
    this.#log.info({ err: cause }, 'another coordinator has taken work over')
    for (const task of conflict.tasks) this.#reports.forget(task)
    this.#claims.dispute(conflict).catch((failure: unknown) => {
      this.#log.error({ err: failure }, 'claiming work again failed')
    })
  }

  /** Never rejects: while the store does not answer, it is tried again until the coordinator stops. */
  async #beginAgain(cause: unknown): Promise<void> {
    this.#log.error({ err: cause }, 'a commit failed: beginning again from the store')
    try {
      await this.#claims.begin(async (failure) => {
        if (this.#stopped) throw failure
        this.#log.error({ err: failure }, 'the store does not answer: trying again')
        await new Promise((resolve) => setTimeout(resolve, RETRY_STORE_MS))
      })
    } catch (failure) {
      this.#log.error({ err: failure }, 'stopped while the store did not answer')
    }
  }
}

interface CoordinatorParts {
  readonly apps: AppShelf
  readonly store: Store
  readonly log: Log
  /** ms since the epoch. */
  readonly now: () => number
  /** How long a claim of workunits lasts that is not prolonged. */
  readonly claimMs: number
}
