import * as v from 'valibot'
import { batchIdSchema, type BatchId, type WorkunitId } from '../../protocol/ids.ts'

/** What a workunit's id says: its batch, and its position there. */
export function workunitPlace(id: WorkunitId): { batch: BatchId; position: number } {
  const dot = id.lastIndexOf('.')
  return { batch: v.parse(batchIdSchema, id.slice(0, dot)), position: Number(id.slice(dot + 1)) }
}
