import type { Contributor } from '../client/contributor.ts'
import type { Connection, Find } from '../client/snapshot.ts'
import { tellFind } from '../client/tellFind.ts'
import type { WeftError } from '../protocol/errors.ts'
import type { ContributeOptions } from './contributeCommand.ts'
import { HostStoppedError, NoCoordinatorError, NoGpuError } from './errors.ts'
import type { HostReport } from './hostReport.ts'
import type { HostView } from './hostWords.ts'
import { probeCoordinator } from './probeCoordinator.ts'

const LOOK_EVERY_MS = 250
const LINE_LOST = 'the line was lost'
const NO_SESSION =
  'it answers, but opens no session: it may be full, or what stands before it passes no WebSockets on'

/** Follows a host at work, tells the reports, and finds out when there is no point in going on. */
export interface HostWatch {
  /** Resolves with what ends it, once there is something. */
  readonly over: Promise<WeftError>
  /** There is: a signal, say. */
  end(why: WeftError): void
  /** The host has stopped for this reason: tells the rest. */
  finish(why: WeftError): Promise<void>
}

export function watchHost(
  host: Contributor,
  options: ContributeOptions,
  reports: readonly HostReport[],
): HostWatch {
  const over = Promise.withResolvers<WeftError>()
  let started = false
  let trouble: string | undefined
  let probing = false
  /** The failed attempt that was looked into last. */
  let probed = 0
  let lastFind = -1
  let telling = Promise.resolve()

  const view = (): HostView => ({ snapshot: host.snapshot, threads: options.threads, trouble })

  function look(): void {
    const { phase, gpu, connection } = host.snapshot
    start()
    if (phase.state === 'stopped') return over.resolve(new HostStoppedError(phase.why))
    if (options.backend === 'webgpu' && gpu.state === 'unavailable') {
      return over.resolve(new NoGpuError(gpu.reason, gpu.why))
    }
    followLine(connection)
    tellFinds()
    // Why the line is gone is known in a moment: then it is told once, with the reason.
    if (!started || (probing && trouble === undefined)) return
    for (const report of reports) report.look(view())
  }

  function start(): void {
    if (started || host.snapshot.host === undefined) return
    started = true
    for (const report of reports) report.started(options, view())
  }

  function followLine(connection: Connection): void {
    if (connection.state === 'open') {
      trouble = undefined
      probed = 0
    } else if (connection.state === 'waiting' && connection.attempt !== probed && !probing) {
      probed = connection.attempt
      void lookInto(connection.attempt)
    }
  }

  async function lookInto(attempt: number): Promise<void> {
    probing = true
    const found = await probeCoordinator(options.server)
    probing = false
    const { connection, trust } = host.snapshot
    if (connection.state === 'open') return
    // One that has been a coordinator will be one again, whatever answers in its place meanwhile.
    if (found.status === 'wrong' && trust === undefined) {
      return over.resolve(new NoCoordinatorError(options.server.origin, found.why))
    }
    if (found.status === 'coordinator') trouble = attempt === 1 ? LINE_LOST : NO_SESSION
    else trouble = found.why
  }

  function tellFinds(): void {
    for (const find of host.snapshot.finds) {
      if (find.id <= lastFind) continue
      lastFind = find.id
      telling = tell(find, telling)
    }
    telling.catch(over.reject)
  }

  async function tell(find: Find, before: Promise<void>): Promise<void> {
    await before
    const told = await tellFind(find)
    for (const report of reports) report.found(find, told)
  }

  const looking = setInterval(look, LOOK_EVERY_MS)
  return {
    over: over.promise,
    end: over.resolve,
    async finish(why) {
      clearInterval(looking)
      tellFinds()
      await telling
      if (started) for (const report of reports) report.stopped(why, view())
    },
  }
}
