import * as v from 'valibot'
import { ReportOrderError } from '../../../../protocol/errors.ts'
import type { NewReport } from '../../store.ts'
import type { Database } from '../database.ts'
import { hostNo } from './hostNo.ts'
import { task } from './task.ts'

const BEGIN_TASK = `
  INSERT INTO tasks (id, host, next_seq, head, sealed) VALUES (:id, :host, 1, :head, :sealed)
  ON CONFLICT (id) DO NOTHING RETURNING no`

const ADVANCE_TASK = `
  UPDATE tasks SET next_seq = next_seq + 1, head = :head, sealed = max(sealed, :sealed)
  WHERE id = :id AND next_seq = :seq RETURNING no`

const APPEND = `
  INSERT INTO reports (task, seq, host, received_at, slice_count, accepted_items, credit_reported, credit_final,
    head, seal, ack, slices)
  VALUES (:task, :seq, :host, :receivedAt, :sliceCount, :acceptedItems, :creditReported, :creditFinal,
    :head, :seal, :ack, :slices)`

const row = v.object({ no: v.number() })

/**
 * Appends the report and moves its task on.
 * @throws ReportOrderError when it is not the task's next one
 */
export function appendReport(db: Database, report: NewReport): void {
  const { task: id, seq, head, seal } = report
  const host = hostNo(db, report.host)
  const sealed = Number(seal !== null)
  const moved =
    seq === 0
      ? db.statement(BEGIN_TASK).get({ id, host, head, sealed })
      : db.statement(ADVANCE_TASK).get({ id, seq, head, sealed })
  if (!moved) throw new ReportOrderError(id, seq, task(db, id)?.nextSeq ?? 0)
  db.statement(APPEND).run({
    task: v.parse(row, moved).no,
    seq,
    host,
    receivedAt: report.receivedAt,
    sliceCount: report.sliceCount,
    acceptedItems: report.acceptedItems,
    creditReported: report.creditReported,
    creditFinal: report.creditFinal,
    head,
    seal,
    ack: report.ack,
    slices: report.slices,
  })
}
