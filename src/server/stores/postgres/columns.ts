/** Columns under the names that `stores/rows.ts` reads. Credit as text: a 64-bit integer does not fit a number. */

/** A counter of items as a number: the largest exact one where it has passed that. */
const counter = (column: string, name = column): string =>
  `least(${column}, ${Number.MAX_SAFE_INTEGER}) AS "${name}"`

const credit = (table: string): string =>
  `${table}.credit_reported::text AS "creditReported", ${table}.credit_final::text AS "creditFinal"`

/** A batch is looked up for each row: joined, it tempts the planner to walk all that the batch has. */
const batchId = (table: string): string =>
  `(SELECT id FROM batches WHERE no = ${table}.batch) AS batch`

/** Of `workunits`. */
export const workunitColumns = `${batchId('workunits')}, position, input, source, key, item_count AS "itemCount",
  item_cost::text AS "itemCost", reported, final`

/** Beside `workunitColumns`, of what is finished. */
export const finishedColumns = `finished_no AS "finishedNo", finished_at AS "finishedAt"`

export const batchColumns = `id, kind, app, version, title, created_at AS "createdAt", epsilon, state, workunits, finished,
  ${counter('items')}, ${counter('items_reported', 'itemsReported')}, ${counter('items_final', 'itemsFinal')},
  credit::text AS credit, ${credit('batches')}, results`

export const hostColumns = `id, algorithm, public_key AS "publicKey", first_seen_at AS "firstSeenAt",
  last_seen_at AS "lastSeenAt", slices, ${counter('items')}, ${credit('hosts')}`

/** Of `tasks JOIN hosts`. */
export const taskColumns = `tasks.id, hosts.id AS host, next_seq AS "nextSeq", head, sealed::integer AS sealed`

/** Of `reports JOIN tasks JOIN hosts`. */
export const reportColumns = `reports.id, tasks.id AS task, reports.seq, hosts.id AS host, received_at AS "receivedAt",
  reports.slices, slice_count AS "sliceCount", reports.head, seal, ack, accepted_items AS "acceptedItems",
  ${credit('reports')}`

/** Of `results`. */
export const resultColumns = `results.id, ${batchId('results')}, position,
  (SELECT id FROM hosts WHERE no = results.host) AS host, output, state, found_at AS "foundAt"`

export const totalsColumns = `hosts, reports, slices, ${counter('items')}, results, ${credit('totals')}`
