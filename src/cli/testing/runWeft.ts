import { spawn } from 'node:child_process'
import { join } from 'node:path'

const WEFT = join(import.meta.dirname, '../weft.ts')

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningWeft {
  kill(signal: NodeJS.Signals): void
  /** Closes the reading end of its standard output. */
  stopReading(): void
}

/** Runs the real command line in a process of its own, with no setting of this one. */
export function runWeft(
  args: readonly string[],
  options: {
    env?: Readonly<Record<string, string>>
    cwd?: string
    input?: string
    /** Called with all that it has printed so far, after each piece. */
    act?: (printed: { stdout: string; stderr: string }, weft: RunningWeft) => void
  } = {},
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [WEFT, ...args], {
    env: { PATH, HOME, ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  })
  const printed = { stdout: '', stderr: '' }
  const weft: RunningWeft = {
    kill: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout.destroy(),
  }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      printed[name] += piece
      options.act?.(printed, weft)
    })
  }
  // It may have ended without reading.
  child.stdin.on('error', () => {}).end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...printed }))
  })
}
