import { UnknownAppError } from '../protocol/errors.ts'
import type { CoordinatorFrame, OutgoingHostFrame, Task } from '../protocol/messages.ts'
import { chosenOf } from './apps.ts'
import type { Asker } from './asker.ts'
import type { Carried } from './carried.ts'
import type { Outbox } from './outbox.ts'
import type { ContributorParts } from './parts.ts'
import { TaskAtHand } from './taskAtHand.ts'
import type { WorkLoop } from './workLoop.ts'

export interface IntakeParts {
  readonly parts: Pick<ContributorParts, 'apps' | 'random' | 'now'>
  readonly carried: Pick<Carried, 'apps'>
  /** Nothing is taken in any more once it fires. */
  readonly over: AbortSignal
  readonly asker: Asker
  readonly outbox: Pick<Outbox, 'open' | 'end'>
  readonly loop: Pick<WorkLoop, 'add' | 'giveUp'>
  readonly send: (frame: OutgoingHostFrame) => void
  /** It may be time to ask again. */
  readonly consider: () => void
  readonly failed: (error: unknown) => void
}

/** What comes in of work: what is asked for, what is done with the answer, and what is given up when the person chooses anew. */
export interface Intake {
  /** @param speed credit per second */
  ask(speed: number): void
  task(task: Task): void
  noWork(frame: Extract<CoordinatorFrame, { type: 'noWork' }>): void
  /** The person may have chosen other apps. */
  choose(): void
}

/** An app that this build does not know will not be known a moment later. */
const UNKNOWN_APP_RETRY_MS = 60_000

export function createIntake(intake: IntakeParts): Intake {
  const { parts, carried, over, asker, outbox, loop, send, consider } = intake
  let chosen = carried.apps
  /** Of which apps work was asked for last. */
  let asked = carried.apps

  async function takeUp(task: Task, atHand: TaskAtHand): Promise<void> {
    await outbox.open(task)
    if (over.aborted) return outbox.end(task.task)
    // Only now does the task count as open, so that the next ask knows of it.
    asker.settled()
    if (isWanted(atHand)) loop.add(atHand)
    else outbox.end(task.task)
  }

  /** Whether all its work is of apps that are chosen now. */
  function isWanted({ workunits }: TaskAtHand): boolean {
    const apps = workunits.map(({ app }) => app)
    return chosenOf(apps, carried.apps).length === apps.length
  }

  return {
    ask(speed) {
      asker.asked()
      asked = carried.apps
      send({ type: 'ask', speed, ...(asked === undefined ? {} : { apps: [...asked] }) })
    },
    task(task) {
      asker.busy()
      if (over.aborted) return send({ type: 'release', token: task.token })
      try {
        const atHand = new TaskAtHand(task, parts.apps, parts.now())
        if (isWanted(atHand)) {
          takeUp(task, atHand).catch(intake.failed)
          return
        }
        asker.settled()
        // Either the choice was another when it was asked for, or this coordinator does not know of choices.
        if (asked === carried.apps) asker.idleFor('none-of-your-apps', UNKNOWN_APP_RETRY_MS)
      } catch (error) {
        asker.settled()
        if (!(error instanceof UnknownAppError)) throw error
        asker.idleFor('no-app-in-common', UNKNOWN_APP_RETRY_MS)
      }
      send({ type: 'release', token: task.token })
      consider()
    },
    noWork({ reason, retryAfterMs }) {
      asker.settled()
      // Spread out, so that hosts that were sent away together do not come back together. The answer to another question says nothing.
      if (asked === carried.apps) asker.idleFor(reason, retryAfterMs * (1 + parts.random() / 4))
      consider()
    },
    choose() {
      if (chosen === carried.apps) return
      chosen = carried.apps
      asker.anew()
      loop.giveUp((task) => !isWanted(task))
      consider()
    },
  }
}
