import { spawn } from 'node:child_process'
import { join } from 'node:path'
import * as v from 'valibot'

const WEFT = join(import.meta.dirname, '../weft.ts')
const eventSchema = v.looseObject({ event: v.string() })
export type HostEvent = v.InferOutput<typeof eventSchema>

/** `weft contribute` in a process of its own. */
export interface ContributeProcess {
  /** What it has printed so far. */
  readonly printed: { readonly stdout: string; readonly stderr: string }
  /** Resolves with the first event that fits, printed already or later; rejects when the process ends without it. Needs `--json`. */
  event(fits: (event: HostEvent) => boolean): Promise<HostEvent>
  kill(signal: NodeJS.Signals): void
  /** Reads nothing of it any more. */
  closePipe(): void
  /** Resolves with its exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

export function contributeProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ContributeProcess {
  const child = spawn(process.execPath, [WEFT, 'contribute', ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text
      for (const listener of listeners) listener()
    })
  }
  let over = false
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => {
      over = true
      resolve(code ?? signal)
      for (const listener of listeners) listener()
    })
  })
  return {
    printed,
    event: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = eventsIn(printed.stdout).find(fits)
          if (found === undefined && !over) return
          listeners.delete(look)
          if (found === undefined) reject(new Error(`It ended without that: ${printed.stderr}`))
          else resolve(found)
        }
        listeners.add(look)
        look()
      }),
    kill: (signal) => void child.kill(signal),
    closePipe: () => child.stdout.destroy(),
    ended,
  }
}

/** The events of all whole lines. */
export function eventsIn(stdout: string): HostEvent[] {
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map((line) => v.parse(eventSchema, JSON.parse(line)))
}
