import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of processor time so far, by thread; a tick is 10 ms. */
export type Ticks = ReadonlyMap<string, number>

/**
 * Reads them from /proc, so it needs Linux.
 * @param name only threads whose name begins so
 */
export function threadTicks(process: number, name = ''): Ticks {
  const ticks = new Map<string, number>()
  for (const thread of readdirSync(`/proc/${process}/task`)) {
    const stat = readStat(`/proc/${process}/task/${thread}/stat`)
    if (!stat.includes(`(${name}`)) continue
    // proc(5): the name stands in brackets; user and system time are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    ticks.set(`${process}/${thread}`, Number(fields[11]) + Number(fields[12]))
  }
  return ticks
}

/** Whether any thread used the processor in between. */
export function grew(before: Ticks | undefined, after: Ticks): boolean {
  return [...after].some(([thread, ticks]) => ticks > (before?.get(thread) ?? 0))
}

/** Empty for a thread that has just ended: nothing of it runs any more. */
function readStat(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
