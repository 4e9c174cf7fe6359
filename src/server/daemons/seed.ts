import * as v from 'valibot'
import type { AnyApp, NextSeed, SeedKind } from '../../apps/app.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import type { KnownBatch } from '../coordinator/batchesInView.ts'
import { DEFAULT_EPSILON } from '../../protocol/epsilon.ts'
import { AlreadyExistsError } from '../../protocol/errors.ts'
import { batchIdSchema, type BatchId } from '../../protocol/ids.ts'
import type { NewWorkunit } from '../stores/store.ts'
import { newWorkunit } from '../newWorkunit.ts'

/** How many undone workunits a seed batch is kept at. */
const UNDONE = 256
/** How many are made before a first volunteer is let in. */
const FIRST = 8
/** Longest time that making inputs keeps the coordinator from everything else, ms. */
const STEP_MS = 8

/** Endless work of one kind, for a coordinator without requesters: one batch that stays open and never runs dry. */
export class Seed {
  readonly kind: SeedKind
  /** Of its batch. */
  readonly id: BatchId
  readonly #coordinator: Coordinator
  readonly #app: AnyApp
  readonly #batch: KnownBatch
  readonly #next: NextSeed<unknown>

  private constructor(parts: {
    coordinator: Coordinator
    app: AnyApp
    batch: KnownBatch
    next: NextSeed<unknown>
  }) {
    this.kind = parts.batch.kind === 'practice' ? 'practice' : 'frontier'
    this.id = parts.batch.id
    this.#coordinator = parts.coordinator
    this.#app = parts.app
    this.#batch = parts.batch
    this.#next = parts.next
  }

  /** Takes the seed up where the store left it, and makes the first few workunits; undefined where the app has none of this kind. */
  static async open(
    coordinator: Coordinator,
    app: AnyApp,
    kind: SeedKind,
  ): Promise<Seed | undefined> {
    const { store } = coordinator
    const { seeds } = await app.load.generator()
    const next = seeds[kind]
    if (next === undefined) return undefined
    // A new version of an app computes something else: it gets a batch of its own.
    const id = v.parse(batchIdSchema, `${kind}-${app.id}-${app.version}`)
    if ((await store.batch(id)) === undefined) await addSeedBatch(coordinator, app, { id, kind })
    const batch = await store.batch(id)
    if (batch === undefined) throw new Error(`seed batch ${id} was not stored`)
    const seed = new Seed({ coordinator, app, batch, next })
    const isLow = batch.workunits - batch.finished < FIRST
    if (batch.state === 'open' && isLow) await seed.#add(FIRST)
    return seed
  }

  /** Makes as many workunits as are missing, a few milliseconds at a time. */
  async topUp(signal: AbortSignal): Promise<void> {
    const batch = await this.#coordinator.store.batch(this.#batch.id)
    if (batch === undefined || batch.state !== 'open') return
    let missing = UNDONE - (batch.workunits - batch.finished)
    while (missing > 0 && !signal.aborted) {
      missing -= await this.#add(missing)
      await new Promise(setImmediate)
    }
  }

  /**
   * Makes and stores up to `count` workunits, fewer when they take long; returns how many. It goes on from what is stored: another
   * coordinator may have made some, and what both make is the same.
   */
  async #add(count: number): Promise<number> {
    const { store } = this.#coordinator
    const last = await store.lastWorkunit(this.#batch.id)
    const started = performance.now()
    const made: NewWorkunit[] = []
    let previous = last?.input
    while (made.length < count && (made.length === 0 || performance.now() - started < STEP_MS)) {
      previous = this.#next(previous)
      made.push(newWorkunit(this.#app, previous))
    }
    await store.addWorkunits(this.#batch.id, (last?.position ?? -1) + 1, made)
    this.#coordinator.openBatch(this.#batch)
    return made.length
  }
}

/** Another coordinator may start at the same moment: then its batch serves both. */
async function addSeedBatch(
  { store }: Coordinator,
  app: AnyApp,
  { id, kind }: Pick<KnownBatch, 'id' | 'kind'>,
): Promise<void> {
  const view = await app.load.view()
  try {
    await store.addBatch({
      id,
      kind,
      app: app.id,
      version: app.version,
      title: view.label(kind),
      createdAt: Date.now(),
      epsilon: DEFAULT_EPSILON,
    })
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error
  }
}
