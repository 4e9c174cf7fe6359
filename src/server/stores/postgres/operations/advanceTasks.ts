import * as v from 'valibot'
import { ReportOrderError } from '../../../../protocol/errors.ts'
import { taskIdSchema, type TaskId } from '../../../../protocol/ids.ts'
import type { Commit } from '../../store.ts'
import type { Connection } from '../database.ts'
import type { HostNumbers } from './addToHosts.ts'
import { task } from './reports.ts'

const BEGIN = `
  INSERT INTO tasks (id, host, next_seq, head, sealed)
  SELECT id, host, next_seq, head, sealed
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::boolean[])
    AS new (id, host, next_seq, head, sealed)
  ON CONFLICT (id) DO NOTHING RETURNING no, id`

const ADVANCE = `
  UPDATE tasks SET next_seq = new.next_seq, head = new.head, sealed = tasks.sealed OR new.sealed
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::boolean[])
    AS new (id, due, next_seq, head, sealed)
  WHERE tasks.id = new.id AND tasks.next_seq = new.due RETURNING no, tasks.id`

const rows = v.array(v.object({ no: v.number(), id: taskIdSchema }))

/** The numbers by which rows point at tasks. */
export type TaskNumbers = ReadonlyMap<TaskId, number>

/** What a group says of one task: its reports `first` to `next - 1`. */
interface Progress {
  readonly id: TaskId
  readonly host: Commit['report']['host']
  readonly first: number
  next: number
  head: Uint8Array
  sealed: boolean
}

/**
 * Begins the tasks that report for the first time and moves the others on.
 * @throws ReportOrderError when a report is not its task's next one
 */
export async function advanceTasks(
  connection: Connection,
  commits: readonly Commit[],
  hosts: HostNumbers,
): Promise<TaskNumbers> {
  const tasks = [...progressOf(commits).values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const numbers = new Map<TaskId, number>()
  const note = (found: unknown[]) => {
    for (const { id, no } of v.parse(rows, found)) numbers.set(id, no)
  }
  const fresh = tasks.filter(({ first }) => first === 0)
  if (fresh.length > 0) {
    const host = fresh.map((one) => hosts.get(one.host) ?? null)
    note(await connection.rows(BEGIN, [idsOf(fresh), host, ...columnsOf(fresh)]))
  }
  const known = tasks.filter(({ first }) => first > 0)
  if (known.length > 0) {
    const due = known.map(({ first }) => first)
    note(await connection.rows(ADVANCE, [idsOf(known), due, ...columnsOf(known)]))
  }
  for (const { id, first } of tasks) {
    if (numbers.has(id)) continue
    throw new ReportOrderError(id, first, (await task(connection, id))?.nextSeq ?? 0)
  }
  return numbers
}

function progressOf(commits: readonly Commit[]): Map<TaskId, Progress> {
  const tasks = new Map<TaskId, Progress>()
  for (const { report } of commits) {
    const { task: id, seq, host, head, seal } = report
    const known = tasks.get(id)
    if (known === undefined) {
      tasks.set(id, { id, host, first: seq, next: seq + 1, head, sealed: seal !== null })
    } else {
      if (seq !== known.next) throw new ReportOrderError(id, seq, known.next)
      known.next = seq + 1
      known.head = head
      known.sealed ||= seal !== null
    }
  }
  return tasks
}

const idsOf = (tasks: readonly Progress[]): string[] => tasks.map(({ id }) => id)

function columnsOf(tasks: readonly Progress[]) {
  return [
    tasks.map(({ next }) => next),
    tasks.map(({ head }) => head),
    tasks.map(({ sealed }) => sealed),
  ]
}
