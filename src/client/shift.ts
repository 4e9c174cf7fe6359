import type { Ack } from '../protocol/messages.ts'
import { govern } from '../runtime/governor.ts'
import { createPool } from '../runtime/pool.ts'
import { chosenOf } from './apps.ts'
import { Asker } from './asker.ts'
import { shouldAsk } from './asking.ts'
import { createBackendChoice } from './backendChoice.ts'
import { backoffMs } from './backoff.ts'
import type { Board } from './board.ts'
import { calibrate, isHopeless, type CalibrationStep } from './calibrate.ts'
import { figuresOf, noteAck, noteSlice, speedOf, type Carried } from './carried.ts'
import type { Identity } from './identity.ts'
import { createIntake } from './intake.ts'
import { isBlamed } from './isBlamed.ts'
import { createJournal } from './journal.ts'
import type { KeptTask } from './keptTask.ts'
import { openLine, type Line } from './line.ts'
import { Metronome } from './metronome.ts'
import { createOutbox } from './outbox.ts'
import type { ContributorParts } from './parts.ts'
import { phaseOf } from './phaseOf.ts'
import type { Welcome } from './session.ts'
import { createShiftEnd, type ShiftEnd } from './shiftEnd.ts'
import { shownEffort } from './shownEffort.ts'
import type { StopReason } from './snapshot.ts'
import type { ContributorStorage } from './storage.ts'
import { createWorkLoop } from './workLoop.ts'

export interface ShiftParts {
  readonly parts: ContributorParts
  readonly board: Board
  readonly carried: Carried
  readonly identity: Identity
  readonly storage: ContributorStorage
  readonly leftovers: readonly KeptTask[]
  /** There is no point in going on. */
  readonly stopped: (reason: StopReason) => void
}

/** One stretch of work under one identity: line, outbox, pool and work loop, and what ties them together. */
export interface Shift extends Omit<ShiftEnd, 'drained'> {
  /** What the person allows, or what they can see, has changed. */
  apply(): void
  flush(): void
}

/** What was found is shown as unsent no longer than this. */
const FIND_REPORT_MS = 500
const TICK_MS = 1_000
/** So many slices in a row that fail mean that this device cannot do it. */
const MOST_FAILURES = 3

export function beginShift(shift: ShiftParts): Shift {
  const { parts, board, carried, identity, storage } = shift
  const over = new AbortController()
  let effort = govern({ share: carried.share, cores: parts.cores })
  let measuring: CalibrationStep | undefined = 'fetching-kernel'
  let failures = 0
  let reported = false
  let gone = false

  const reports = new Metronome(parts.now, () => {
    reported ||= outbox.unsentSlices > 0
    outbox.flush()
  })
  const asker = new Asker({ ...parts, wake: consider })
  const pool = createPool({
    ...parts,
    onHungry: () => loop.feed(),
    onGpuGone: (error) => choice.gone(error),
  })
  const workers = (): number => effort.workers
  const choice = createBackendChoice({ ...parts, pool, carried, workers, changed: follow })
  const journal = createJournal(storage, parts.now, () => board.update({ storage: 'in-memory' }))
  const outbox = createOutbox({
    identity,
    journal,
    send: (frame) => line.send(frame),
    changed() {
      if (outbox.openTasks === 0) end.drained()
      consider()
    },
    refused(stitches, why) {
      carried.log.dropUnsent(stitches, why)
      show()
    },
    failed,
  })
  const loop = createWorkLoop({
    pool,
    log: carried.log,
    now: parts.now,
    wallClock: parts.wallClock,
    finished(task, slice, { ready }, result) {
      failures = 0
      noteSlice(carried, ready.workunit.itemCost, result)
      // Only now: the first slice must not wait for the GPU.
      choice.begin()
      outbox.finish(task, slice)
      // The first slice shows that all of it works, coordinator included; a find is what people watch for.
      if (!reported) reports.hasten(0)
      else if (slice.outputs.length > 0) reports.hasten(FIND_REPORT_MS)
      // After this task, which the slice may have been the last of.
      queueMicrotask(() => reports.nudge())
      line.nudge()
    },
    ended: (task) => outbox.end(task),
    failed(error) {
      failures++
      if (isHopeless(error) && failures >= MOST_FAILURES) return failed(error)
      asker.holdOff(backoffMs(failures, parts.random()))
    },
    changed: consider,
  })

  const intake = createIntake({
    parts,
    carried,
    over: over.signal,
    asker,
    outbox,
    loop,
    send: (frame) => line.send(frame),
    consider,
    failed,
  })

  function failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    shift.stopped({ code: 'failed', message })
  }

  /** Makes the pool follow what is allowed and what was chosen. */
  function follow(): void {
    effort = govern({ share: carried.share, cores: parts.cores, backends: choice.backends })
    pool.resize(effort)
    consider()
  }

  /** Something changed: ask if it is time to, and show what there is. */
  function consider(): void {
    if (over.signal.aborted) return show()
    const ask = shouldAsk({
      canAsk: line.connection.state === 'open' && measuring === undefined && asker.mayAsk,
      openTasks: outbox.openTasks,
      leftovers: outbox.leftovers,
      creditLeft: Number(loop.creditLeft),
      speed: speedOf(carried, effort),
    })
    if (ask) intake.ask(speedOf(carried, effort))
    show()
  }

  function show(): void {
    if (gone) return
    const phase = phaseOf(
      {
        connection: line.connection,
        measuring,
        working: loop.tasks.length > 0,
        noWork: asker.noWork,
        now: parts.wallClock(),
      },
      board.snapshot.phase,
    )
    if (!over.signal.aborted) board.update({ phase })
    board.update({
      ...figuresOf(carried),
      ...shownEffort(effort),
      ...pool.load,
      gpu: choice.gpu,
      backends: choice.backends,
      connection: line.connection,
      unsentSlices: outbox.unsentSlices,
      workunits: loop.tasks.flatMap(({ task }) => task.workunits),
    })
  }

  function welcomed(welcome: Welcome): void {
    carried.credit = welcome.credit
    board.update({ host: welcome.host, trust: welcome.trust })
    reports.start(welcome.reportEveryMs)
    outbox.connected()
    consider()
  }

  function receiveAck(ack: Ack): void {
    const delivery = outbox.acknowledge(ack)
    if (delivery === undefined) return
    noteAck(carried, delivery, ack)
    if (ack.acceptedItems > 0) loop.keep(ack.task)
    consider()
  }

  async function measure(): Promise<void> {
    const stepTo = (step: CalibrationStep): void => {
      measuring = step
      show()
    }
    carried.canary ??= await calibrate(
      chosenOf(parts.apps.known, carried.apps),
      pool,
      effort.workers,
      parts.random,
      stepTo,
      over.signal,
    )
    measuring = undefined
    consider()
  }

  const line: Line = openLine(
    { ...parts, identity, apps: parts.apps.known.map(({ id, version }) => ({ id, version })) },
    {
      welcomed,
      received(frame) {
        switch (frame.type) {
          case 'task':
            return intake.task(frame)
          case 'noWork':
            return intake.noWork(frame)
          case 'ack':
            return receiveAck(frame)
        }
      },
      lost(end) {
        asker.settled()
        reports.stop()
        outbox.disconnected(isBlamed(end))
        consider()
      },
      stopped: shift.stopped,
      changed: () => queueMicrotask(show),
    },
  )

  pool.resize(effort)
  pool.setDispatchMs(carried.dispatchMs)
  measure().catch(failed)
  const tick = setInterval(() => {
    loop.feed()
    consider()
  }, TICK_MS)

  over.signal.addEventListener('abort', () => {
    clearInterval(tick)
    choice.end()
  })

  const end = createShiftEnd({
    over,
    loop,
    pool,
    outbox,
    line,
    journal,
    reports,
    asker,
    gone() {
      show()
      gone = true
    },
  })
  for (const kept of shift.leftovers) outbox.restore(kept)
  return {
    halt: () => end.halt(),
    deliver: () => end.deliver(),
    abandonShip: () => end.abandonShip(),
    flush: () => outbox.flush(),
    apply() {
      pool.setDispatchMs(carried.dispatchMs)
      choice.prefer()
      intake.choose()
    },
  }
}
