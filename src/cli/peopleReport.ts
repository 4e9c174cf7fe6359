import { chosenOf } from '../client/apps.ts'
import { registeredApps } from '../client/registeredApps.ts'
import type { ContributeOptions } from './contributeCommand.ts'
import type { HostReport } from './hostReport.ts'
import {
  figuresText,
  gpuSentence,
  phaseSentence,
  retrySentence,
  visitSentence,
  type HostView,
} from './hostWords.ts'
import { hostFile } from './openHostStorage.ts'
import { statusLine, type Out } from './statusLine.ts'

/** In a pipe the figures come this often. */
const FIGURES_EVERY_MS = 30_000

/**
 * For people: on a terminal one line that is redrawn in place, with the rest above it; in a pipe a line for every change, and
 * one with the figures now and then.
 * @param now `Date.now()`
 */
export function peopleReport(out: Out, dataDir: string, now: () => number = Date.now): HostReport {
  const line = statusLine(out)
  const said = { gpu: '', phase: '', storage: 'kept' }
  let figuresAt = now()

  function sayChanges(view: HostView): void {
    const { snapshot } = view
    const gpu = gpuSentence(snapshot.gpu, snapshot.backends)
    if (gpu !== undefined && gpu !== said.gpu) line.say(gpu)
    said.gpu = gpu ?? said.gpu
    if (snapshot.storage !== said.storage) {
      line.say(
        `${hostFile(dataDir)} cannot be written: what is not delivered, and a new host’s identity, end with this process.`,
      )
    }
    said.storage = snapshot.storage
  }

  return {
    started: (options, view) => void out.write(banner(options, view)),
    look(view) {
      sayChanges(view)
      const phase = phaseSentence(view)
      const figures = figuresText(view)
      if (out.isTTY) {
        const parts = [phase, retrySentence(view, now()), figures]
        return line.show(parts.filter(Boolean).join(' '))
      }
      if (phase !== said.phase) line.say(phase)
      else if (now() - figuresAt >= FIGURES_EVERY_MS) {
        figuresAt = now()
        line.say(`${figures}.`)
      }
      said.phase = phase
    },
    found: (_, { sentence, label }) => line.say(`Found: ${sentence} (${label}).`),
    stopped(_, view) {
      line.show('')
      line.say(visitSentence(view, hostFile(dataDir)))
      line.end()
    },
  }
}

const BACKENDS: Readonly<Record<ContributeOptions['backend'], string>> = {
  auto: ', and the GPU if it is measured to help',
  wasm: ', and no GPU',
  webgpu: ' to start with, then the GPU alone',
}

function banner(options: ContributeOptions, { snapshot }: HostView): string {
  const { server, threads, duty, backend, dataDir } = options
  const apps = chosenOf(registeredApps.known, options.apps)
    .map(({ title }) => title)
    .join('; ')
  const cores = `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const rows = [
    ['Computing for', server.origin],
    ['What', apps],
    ['How hard', `${cores}${BACKENDS[backend]}; ${duty} % of their time`],
    ['This host', `${snapshot.host}, kept in ${hostFile(dataDir)}`],
    ['Stop', 'Ctrl+C; what is finished is still delivered'],
  ] as const
  return `\n${rows.map(([name, text]) => `  ${name.padEnd(15)}${text}\n`).join('')}\n`
}
