import { readdirSync, readFileSync } from 'node:fs'

/** A tick of processor time is 10 ms on every Linux that Node runs on (sysconf(_SC_CLK_TCK) is 100). */
const SECONDS_PER_TICK = 0.01

/**
 * Processor seconds that a process and all its children have used so far, those that have ended included. Reads /proc, so it
 * needs Linux.
 */
export function processCpuSeconds(pid: number): number {
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(name) ?? [])
  const own = readStat(String(pid))
  if (own === undefined) throw new Error(`there is no process ${pid}`)
  const children = running.filter(({ parent }) => parent === pid)
  const ticks = own.ticks + own.endedTicks + children.reduce((sum, one) => sum + one.ticks, 0)
  return ticks * SECONDS_PER_TICK
}

/** proc(5): after the name in brackets come state and parent; own time is fields 14 and 15, that of ended children 16 and 17. */
function readStat(pid: string): { parent: number; ticks: number; endedTicks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent = 0] = fields.slice(1)
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11)
    return { parent, ticks: user + system, endedTicks: endedUser + endedSystem }
  } catch {
    // It has ended while the list was read.
    return undefined
  }
}
