import { randomUUID } from 'node:crypto'
import { closeBatch, forgetWorkunits, openWorkunits, queuedWorkunits } from '../../core/claim.ts'
import { emptyState, type CoreState, type Lease } from '../../core/state.ts'
import type { BatchId, WorkunitId } from '../../protocol/ids.ts'
import { NotCommittedError } from '../errors.ts'
import type { ClaimedWorkunit, Store, StoredWorkunit } from '../stores/store.ts'
import { workunitPlace } from '../stores/workunitPlace.ts'
import { BatchesInView, type KnownBatch } from './batchesInView.ts'
import type { Conflict } from './conflict.ts'
import type { OpenBatches } from './openBatches.ts'
import { Turns } from './turns.ts'

/** How many workunits are claimed at once, and how few may be queued before more are claimed. */
const ALONE = { chunk: 256, low: 64 } as const
/** Less where others wait for their share: what one has claimed, the hosts of another cannot get. */
const SHARING = { chunk: 64, low: 32 } as const

/**
 * Which workunits this coordinator may write, and the one value of the core's state that they live in. Claiming runs in
 * turn, so that no workunit is claimed twice: a second claim would fence the reports that are being written under the first.
 */
export class Claims {
  state: CoreState = emptyState
  readonly #parts: Parts
  /** One coordinator alone takes up its own claims at once after a crash; of several each has its own name. */
  readonly #owner: string
  readonly #sizes: { readonly chunk: number; readonly low: number }
  readonly #records = new Map<WorkunitId, StoredWorkunit>()
  readonly #batches = new BatchesInView()
  /** Workunits whose last report is being written: out of the state, not yet finished in the store. */
  readonly #finishing = new Set<WorkunitId>()
  /** Workunits that were found to need no work any more: asked for again and again by late reports. */
  readonly #gone = new Set<WorkunitId>()
  readonly #turns = new Turns<'claim'>()
  #stopped = false
  /** Resolves when the state may be used. A new promise is a new life: what was claimed in the one before is void. */
  #life: Promise<void> = Promise.resolve()
  #topUp: Promise<boolean> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#sizes = parts.store.shared ? SHARING : ALONE
    this.#owner = parts.store.shared ? `coordinator-${randomUUID()}` : 'coordinator'
  }

  /** What the store knows of a workunit that is in the state: its input above all. */
  record(id: WorkunitId): StoredWorkunit | undefined {
    return this.#records.get(id)
  }

  /**
   * Forgets the state and begins again from the store: at start, and when a commit failed. Asks and reports wait until
   * this is over.
   *
   * @param failed called when the store does not answer: resolves when it is time to try again, or rejects to give up
   */
  begin(failed: (cause: unknown) => Promise<void>): Promise<void> {
    this.state = { ...emptyState, hosts: this.state.hosts.map((host) => ({ ...host, tasks: [] })) }
    this.#records.clear()
    this.#batches.clear()
    this.#finishing.clear()
    this.#gone.clear()
    const restart = async (): Promise<void> => {
      try {
        await this.#parts.store.releaseClaims(this.#owner)
        await this.#lookNow(() => true)
      } catch (cause) {
        await failed(cause)
        return restart()
      }
    }
    this.#life = restart()
    return this.#life
  }

  /** Takes a batch into view, or looks again at one that has got more workunits. */
  open(batch: KnownBatch): void {
    this.#batches.open(batch)
    this.#put(batch, [])
  }

  /**
   * Looks what others have done to the store that this coordinator shares with them: takes new batches into view, forgets those
   * that are over, and sees to it that claims are tried again where nothing was left, since a claim may have run out.
   */
  async look(): Promise<void> {
    const life = this.#life
    await life
    await this.#lookNow(() => life === this.#life)
  }

  /** Forgets a batch: nothing of it is leased or counted any more. */
  close(id: BatchId): void {
    this.#batches.close(id)
    this.state = closeBatch(this.state, id)
    for (const record of this.#recordsOf(id)) this.#records.delete(record.id)
  }

  /** These workunits left the state because they are final; `written` settles when the store knows. */
  finish(ids: readonly WorkunitId[], written: Promise<void>): void {
    for (const id of ids) {
      const batch = this.#records.get(id)?.batch
      this.#records.delete(id)
      this.#finishing.add(id)
      if (batch !== undefined) this.#closeIfDone(batch)
    }
    const forget = () => {
      for (const id of ids) this.#finishing.delete(id)
    }
    written.then(forget, forget)
  }

  /** Claims more where a queue runs low. Resolves to whether anything came. */
  topUp(): Promise<boolean> {
    if (this.#topUp === undefined && this.#runningLow().length === 0) return Promise.resolve(false)
    this.#topUp ??= this.#turns
      .run('claim', async () => {
        let came = 0
        for (const id of this.#runningLow()) came += await this.#claimChunk(id)
        return came > 0
      })
      .finally(() => {
        this.#topUp = undefined
      })
    return this.#topUp
  }

  /**
   * Brings these workunits into the state, whoever has claimed them: a host that holds a lease token reports here now.
   *
   * @returns those that need no work any more: finished, or of batches that are over
   * @throws NotCommittedError when it cannot be told, since this build does not know the app or cannot read the batch: what their
   * host computed must not be refused for that
   */
  load(ids: readonly WorkunitId[]): Promise<readonly WorkunitId[]> {
    return this.#turns.run('claim', async () => {
      const isAbsent = (id: WorkunitId) => !this.state.workunits.has(id)
      const isKnown = (id: WorkunitId) => this.#batches.get(workunitPlace(id).batch) !== undefined
      const isForeign = (id: WorkunitId) => this.#batches.isForeign(workunitPlace(id).batch)
      const isWanted = (id: WorkunitId) =>
        isAbsent(id) && isKnown(id) && !this.#finishing.has(id) && !this.#gone.has(id)
      if (!ids.every(isKnown)) await this.look()
      for (;;) {
        const life = this.#life
        await life
        if (this.#stopped || ids.some(isForeign)) throw new NotCommittedError()
        const workunits = ids.filter(isWanted)
        if (workunits.length === 0) return ids.filter(isAbsent)
        const claimed = await this.#parts.store.claimThese({ ...this.#term(), workunits })
        if (life !== this.#life) continue
        this.#take(claimed)
        for (const id of workunits) if (isAbsent(id)) this.#gone.add(id)
        return ids.filter(isAbsent)
      }
    })
  }

  /** Resolves when the state may be used. */
  ready(): Promise<void> {
    return this.#life
  }

  /** A task was leased: its batches are being worked on here. */
  note(lease: Lease): void {
    for (const { workunit } of lease.grants) {
      this.#batches.note(workunitPlace(workunit).batch, this.#parts.now())
    }
  }

  /**
   * Prolongs the claims of what is in the state, gives back all others, and forgets what other coordinators have taken meanwhile. Of
   * batches that nobody here has worked on for as long as a claim lasts, what is not leased is left to the others.
   */
  renew(): Promise<void> {
    return this.#turns.run('claim', async () => {
      const life = this.#life
      await life
      if (this.#parts.store.shared) this.#forget(this.#idle())
      this.#gone.clear()
      const { owner, until } = this.#term()
      const held = [...this.state.workunits.keys(), ...this.#finishing]
      const kept = new Set(await this.#parts.store.renewClaims(owner, until, held))
      if (life !== this.#life) return
      this.#forget(new Set(this.state.workunits.keySeq().filter((id) => !kept.has(id))))
    })
  }

  /** Forgets, at once, the workunits of which the store knows better, and claims again those that another has not taken. */
  async dispute({ workunits, taken }: Conflict): Promise<void> {
    this.#forget(workunits)
    const rest = [...workunits].filter((id) => !taken.has(id))
    if (rest.length > 0) await this.load(rest)
  }

  /** Gives everything back; nothing may be written after. */
  release(): Promise<void> {
    this.#stopped = true
    return this.#turns.run('claim', () => this.#parts.store.releaseClaims(this.#owner))
  }

  async #lookNow(isStillMine: () => boolean): Promise<void> {
    const before = this.#batches.known()
    const found = await this.#parts.findBatches(before)
    if (!isStillMine()) return
    for (const id of this.#batches.update(found, before)) this.close(id)
    for (const batch of found.fresh) this.open(batch)
  }

  #idle(): ReadonlySet<WorkunitId> {
    const since = this.#parts.now() - this.#parts.claimMs
    // What is given back can be claimed again.
    for (const batch of this.#batches.all()) {
      if (this.#batches.isIdle(batch.id, since)) this.#batches.open(batch)
    }
    const idle = this.state.workunits
      .valueSeq()
      .filter(({ batch, leased }) => leased.length === 0 && this.#batches.isIdle(batch, since))
    return new Set(idle.map(({ id }) => id))
  }

  #forget(ids: ReadonlySet<WorkunitId>): void {
    this.state = forgetWorkunits(this.state, ids)
    for (const id of ids) {
      this.#records.delete(id)
      this.#finishing.delete(id)
    }
  }

  #runningLow(): BatchId[] {
    return this.#batches
      .all()
      .filter((batch) => !batch.drained && queuedWorkunits(this.state, batch.id) < this.#sizes.low)
      .map((batch) => batch.id)
  }

  async #claimChunk(id: BatchId): Promise<number> {
    const life = this.#life
    await life
    if (this.#stopped) return 0
    const before = this.#batches.get(id)
    const claimed = await this.#parts.store.claim({
      ...this.#term(),
      batch: id,
      limit: this.#sizes.chunk,
    })
    if (life !== this.#life || this.#batches.get(id) === undefined) return 0
    if (claimed.length < this.#sizes.chunk) this.#batches.drain(id, before)
    this.#take(claimed)
    this.#closeIfDone(id)
    return claimed.length
  }

  #take(claimed: readonly ClaimedWorkunit[]): void {
    for (const [id, workunits] of Map.groupBy(claimed, (workunit) => workunit.batch)) {
      const batch = this.#batches.get(id)
      // Cancelled while its workunits were on their way.
      if (batch === undefined) continue
      for (const workunit of workunits) this.#records.set(workunit.id, workunit)
      this.#batches.noteClaim(id, this.#parts.now())
      this.#put(batch, workunits)
    }
  }

  #put({ id, kind, app, version }: KnownBatch, claimed: readonly ClaimedWorkunit[]): void {
    const workunits = claimed.map((workunit) => {
      const { itemCount, itemCost, epoch, reported, final } = workunit
      const work = { itemCount, itemCost, epoch, reported, final }
      return { id: workunit.id, batch: id, app, version, ...work }
    })
    this.state = openWorkunits(this.state, { id, kind, app, version }, workunits)
  }

  #closeIfDone(id: BatchId): void {
    const batch = this.#batches.get(id)
    if (batch === undefined || batch.state === 'open' || !batch.drained) return
    if (this.#recordsOf(id).next().done === true) this.close(id)
  }

  *#recordsOf(id: BatchId): Generator<StoredWorkunit> {
    for (const record of this.#records.values()) if (record.batch === id) yield record
  }

  #term(): { owner: string; now: number; until: number } {
    const now = this.#parts.now()
    return { owner: this.#owner, now, until: now + this.#parts.claimMs }
  }
}

interface Parts {
  readonly store: Store
  /** ms since the epoch. */
  readonly now: () => number
  /** How long a claim lasts that is not prolonged. */
  readonly claimMs: number
  /** @param known batches that need not be read again */
  readonly findBatches: (known: ReadonlySet<BatchId>) => Promise<OpenBatches>
}
