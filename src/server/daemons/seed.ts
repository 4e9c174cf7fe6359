import * as v from 'valibot'
import type { AnyApp, Generator } from '../../apps/app.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import type { KnownBatch } from '../coordinator/claims.ts'
import { batchIdSchema } from '../../protocol/ids.ts'
import type { BatchKind } from '../../protocol/messages.ts'
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
  readonly kind: Exclude<BatchKind, 'request'>
  readonly #coordinator: Coordinator
  readonly #app: AnyApp
  readonly #batch: KnownBatch
  readonly #generator: Generator<unknown>
  #previous: unknown
  #position: number

  private constructor(
    parts: { coordinator: Coordinator; app: AnyApp; batch: KnownBatch },
    from: { generator: Generator<unknown>; previous: unknown; position: number },
  ) {
    this.kind = parts.batch.kind === 'practice' ? 'practice' : 'frontier'
    this.#coordinator = parts.coordinator
    this.#app = parts.app
    this.#batch = parts.batch
    this.#generator = from.generator
    this.#previous = from.previous
    this.#position = from.position
  }

  /** Takes the seed up where the store left it, and makes the first few workunits. */
  static async open(
    coordinator: Coordinator,
    app: AnyApp,
    kind: Exclude<BatchKind, 'request'>,
  ): Promise<Seed> {
    const { store } = coordinator
    // A new version of an app computes something else: it gets a batch of its own.
    const id = v.parse(batchIdSchema, app.version === 1 ? kind : `${kind}-${app.version}`)
    if ((await store.batch(id)) === undefined) {
      const view = await app.load.view()
      const { id: appId, version } = app
      const title = view.label(kind)
      await store.addBatch({ id, kind, app: appId, version, title, createdAt: Date.now() })
    }
    const batch = await store.batch(id)
    if (batch === undefined) throw new Error(`seed batch ${id} was not stored`)
    const last = await store.lastWorkunit(id)
    const seed = new Seed(
      { coordinator, app, batch },
      {
        generator: await app.load.generator(),
        previous: last?.input,
        position: last === undefined ? 0 : last.position + 1,
      },
    )
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

  /** Makes and stores up to `count` workunits, fewer when they take long; returns how many. */
  async #add(count: number): Promise<number> {
    const started = performance.now()
    const made: NewWorkunit[] = []
    let previous = this.#previous
    while (made.length < count && (made.length === 0 || performance.now() - started < STEP_MS)) {
      previous = this.#generator.seed(this.kind, previous)
      made.push(newWorkunit(this.#app, previous, null))
    }
    await this.#coordinator.store.addWorkunits(this.#batch.id, this.#position, made)
    this.#previous = previous
    this.#position += made.length
    this.#coordinator.openBatch(this.#batch)
    return made.length
  }
}
