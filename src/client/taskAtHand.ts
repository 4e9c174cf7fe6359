import * as v from 'valibot'
import type { AnyApp } from '../apps/app.ts'
import { digestFromBytes, sliceSeed, type Seed } from '../protocol/digest.ts'
import { MalformedFrameError, UnknownAppError } from '../protocol/errors.ts'
import { LEASE_KEPT_MS, type Task, type TaskWorkunit } from '../protocol/messages.ts'
import { slicesOf, type Slice } from '../protocol/slice.ts'
import type { Job } from '../runtime/executor.ts'
import type { Apps } from './apps.ts'
import { jobFor } from './jobFor.ts'

/** A workunit of a task, made ready to run. */
export interface ReadyWorkunit {
  readonly workunit: TaskWorkunit
  readonly app: AnyApp
  /** As the app's schema parsed it. */
  readonly input: unknown
  readonly job: Job
}

/** One slice to compute. */
export interface SliceToDo {
  readonly grant: number
  readonly slice: Slice
  readonly seed: Seed
  readonly ready: ReadyWorkunit
}

/** A leased task and how far it has come. */
export class TaskAtHand {
  readonly task: Task
  readonly workunits: readonly ReadyWorkunit[]
  /** Slices that are being computed. */
  running = 0
  /** Credit of all slices that are not finished. */
  creditLeft: bigint
  /** After this the items may be someone else's, ms of the engine's clock. */
  #expiresAt: number
  #grant = 0
  #slices: Slice[] | undefined
  #abandoned = false
  readonly #stop = new AbortController()

  /**
   * @throws UnknownAppError when a workunit is of an app, a version or an input that this build does not know
   * @throws MalformedFrameError when a grant names no items of its workunit
   */
  constructor(task: Task, apps: Apps, now: number) {
    this.task = task
    this.workunits = task.workunits.map((workunit) => makeReady(workunit, apps))
    this.#expiresAt = now + task.leaseMs
    this.creditLeft = 0n
    for (const { workunit: index, start, end } of task.grants) {
      const workunit = task.workunits[index]
      if (workunit === undefined || start >= end || end > workunit.itemCount) {
        throw new MalformedFrameError('a grant names no items of its workunit')
      }
      this.creditLeft += BigInt(end - start) * workunit.itemCost
    }
  }

  /** The next slice to compute; undefined when there is none any more. */
  next(now: number): SliceToDo | undefined {
    if (now >= this.#expiresAt) this.abandon()
    if (this.#abandoned) return undefined
    for (; this.#grant < this.task.grants.length; this.#grant++) {
      const grant = this.task.grants[this.#grant]
      const ready = grant && this.workunits[grant.workunit]
      if (grant === undefined || ready === undefined) break
      this.#slices ??= slicesOf(grant, grant.log2).toReversed()
      const slice = this.#slices.pop()
      if (slice !== undefined) {
        const seed = sliceSeed(digestFromBytes(grant.seed), slice)
        return { grant: this.#grant, slice, seed, ready }
      }
      this.#slices = undefined
    }
    this.#abandoned = true
    return undefined
  }

  /** A report of it counted: the coordinator keeps its lease a while longer. */
  keep(now: number): void {
    this.#expiresAt = Math.max(this.#expiresAt, now + LEASE_KEPT_MS)
  }

  /** Begins no further slice. */
  abandon(): void {
    this.#abandoned = true
    this.creditLeft = 0n
  }

  /** Fires when what is being computed of it is to be dropped. */
  get stopped(): AbortSignal {
    return this.#stop.signal
  }

  /** Begins no further slice, and drops those that are being computed. */
  giveUp(): void {
    this.abandon()
    this.#stop.abort(new DOMException('The task was given up.', 'AbortError'))
  }

  /** Whether nothing more will come of it. */
  get done(): boolean {
    return this.#abandoned && this.running === 0
  }
}

function makeReady(workunit: TaskWorkunit, apps: Apps): ReadyWorkunit {
  const app = apps.find(workunit.app, workunit.version)
  if (app === undefined) throw new UnknownAppError(workunit.app, workunit.version)
  const input = v.safeParse(app.inputSchema, workunit.input)
  if (!input.success) throw new UnknownAppError(workunit.app, workunit.version)
  return { workunit, app, input: input.output, job: jobFor(app, workunit.id, input.output) }
}
