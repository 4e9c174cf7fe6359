import type { WorkunitId } from '../../../../protocol/ids.ts'
import { claimedWorkunitOf } from '../../rows.ts'
import type { ClaimedWorkunit, Store } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import { workunitColumns } from '../columns.ts'
import type { Database } from '../database.ts'

/** Whom a workunit may be taken from unasked: nobody, one whose time is over, and this owner's earlier life. */
const FREE = `(owner IS NULL OR held_until <= :now OR (owner = :owner AND opening <> :opening))`

const TAKE = `
  UPDATE workunits SET epoch = epoch + 1, owner = :owner, opening = :opening, held_until = :until`

const THE_BATCH = `(SELECT no FROM batches WHERE id = :batch AND state <> 'cancelled')`

const RETURNING = `RETURNING ${workunitColumns(':batch')}, epoch`

/** The index is named because the planner, knowing no numbers, would walk the finished ones. */
const CLAIM = `${TAKE}
  WHERE batch = ${THE_BATCH} AND position IN (
    SELECT position FROM workunits INDEXED BY workunits_unfinished
    WHERE batch = ${THE_BATCH} AND items_final < item_count AND ${FREE} ORDER BY position LIMIT :limit)
  ${RETURNING}`

const CLAIM_ONE = `${TAKE}
  WHERE batch = ${THE_BATCH} AND position = :position AND items_final < item_count
  ${RETURNING}`

export function claim(
  db: Database,
  { owner, batch, limit, now, until }: Parameters<Store['claim']>[0],
): ClaimedWorkunit[] {
  const { opening } = db
  return db
    .statement(CLAIM)
    .all({ owner, batch, limit, now, until, opening })
    .map(claimedWorkunitOf)
    .toSorted((a, b) => a.position - b.position)
}

export function claimThese(
  db: Database,
  { owner, workunits, until }: Parameters<Store['claimThese']>[0],
): ClaimedWorkunit[] {
  const { opening } = db
  const claimOne = (id: WorkunitId) => {
    const { batch, position } = workunitPlace(id)
    return db
      .statement(CLAIM_ONE)
      .all({ owner, batch, position, until, opening })
      .map(claimedWorkunitOf)
  }
  return db.transaction(() => [...new Set(workunits)].flatMap(claimOne))
}
