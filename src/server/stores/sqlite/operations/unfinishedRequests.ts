import { unfinishedRequestsOf } from '../../rows.ts'
import type { UnfinishedRequests } from '../../store.ts'
import type { Database } from '../database.ts'
import { UNFINISHED } from './batches.ts'

const GET = `
  SELECT count(*) AS batches, coalesce(sum(workunits - finished), 0) AS workunits,
    CAST(coalesce(sum(credit - credit_reported - credit_final), 0) AS TEXT) AS credit
  FROM batches INDEXED BY batches_unfinished WHERE ${UNFINISHED} AND kind = 'request'`

export function unfinishedRequests(db: Database): UnfinishedRequests {
  return unfinishedRequestsOf(db.statement(GET).get())
}
