import { InterruptedError } from './errors.ts'
import type { HostReport } from './hostReport.ts'
import { gpuSentence, phaseSentence, type HostView } from './hostWords.ts'
import { hostFile } from './openHostStorage.ts'
import type { Out } from './statusLine.ts'

const PROGRESS_EVERY_MS = 5_000

/**
 * For programs: one JSON object on each line, with `event` and `at` (ISO 8601). Credit is a decimal string, shares go from 0 to 1;
 * more fields and more events may come.
 *
 * - `start`: who this host is, for whom it computes and how hard. Nothing is printed before it.
 * - `phase`: `state` starting (with `step`), running or idle (with `reason`, and `retryAt` where it is known), whether it is
 *   `connected`, and all of it in a `sentence`
 * - `gpu`: `state` measured or unavailable, with what is known of it
 * - `progress`: every five seconds, what it does and what it came to; `credit` is this visit's, `hostCredit` that of all visits, null
 *   until the coordinator has said it
 * - `find`: something was found
 * - `stop`: the last line, with the `code` and `message` of what ended it, its `signal` if it was one, and what it came to
 *
 * @param now `Date.now()`
 */
export function jsonReport(out: Out, now: () => number = Date.now): HostReport {
  let phaseSaid = ''
  let gpuSaid: string | undefined
  let progressAt = now()
  const tell = (event: string, fields: object): void => {
    out.write(`${JSON.stringify({ event, at: timeOf(now()), ...fields })}\n`)
  }
  return {
    started({ server, dataDir, backend, threads, duty }, { snapshot }) {
      const { host } = snapshot
      tell('start', {
        server: server.origin,
        host,
        file: hostFile(dataDir),
        backend,
        threads,
        duty,
      })
    },
    look(view) {
      const { phase, gpu, backends } = view.snapshot
      const aboutGpu = gpuSentence(gpu, backends)
      if (aboutGpu !== gpuSaid && aboutGpu !== undefined) {
        tell('gpu', { ...gpu, backends, sentence: aboutGpu })
      }
      gpuSaid = aboutGpu
      const sentence = phaseSentence(view)
      if (sentence !== phaseSaid && phase.state !== 'stopped') {
        tell('phase', { ...phaseFields(view), sentence })
        phaseSaid = sentence
      }
      if (now() - progressAt < PROGRESS_EVERY_MS) return
      progressAt = now()
      tell('progress', { state: phase.state, ...figures(view) })
    },
    found({ workunit, output }, { sentence, label }) {
      const { id, batch, kind, app, version, input } = workunit
      tell('find', { sentence, label, app, version, batch, kind, workunit: id, input, output })
    },
    stopped(why, view) {
      const { code, message } = why
      const signal = why instanceof InterruptedError ? { signal: why.details.signal } : {}
      tell('stop', { code, ...signal, message, ...figures(view) })
    },
  }
}

function phaseFields({ snapshot }: HostView): object {
  const { phase, connection } = snapshot
  const connected = connection.state === 'open'
  if (phase.state !== 'idle') return { ...phase, connected }
  const { state, reason, retryAt } = phase
  return { state, reason, ...(retryAt && { retryAt: timeOf(retryAt) }), connected }
}

function figures({ snapshot }: HostView): object {
  const { itemsPerSecond, backends, busyShare, gpuBusyShare, connection } = snapshot
  const { slicesDone, itemsDone, itemsAccepted, creditEarned, credit, unsentSlices, trust } =
    snapshot
  return {
    connected: connection.state === 'open',
    backends,
    itemsPerSecond,
    busyShare,
    gpuBusyShare,
    slicesDone,
    itemsDone,
    itemsAccepted,
    unsentSlices,
    credit: String(creditEarned),
    hostCredit:
      trust === undefined
        ? null
        : { reported: String(credit.reported), final: String(credit.final) },
    storage: snapshot.storage,
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
