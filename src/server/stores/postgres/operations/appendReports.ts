import type { Commit } from '../../store.ts'
import type { Connection } from '../database.ts'
import type { HostNumbers } from './addToHosts.ts'
import type { TaskNumbers } from './advanceTasks.ts'

/** In the order given: the ids that rows get are their order of arrival. */
const APPEND = `
  INSERT INTO reports (task, seq, host, received_at, slice_count, accepted_items, credit_reported, credit_final,
    head, seal, ack, slices)
  SELECT task, seq, host, received_at, slice_count, accepted_items, credit_reported, credit_final,
    head, seal, ack, slices
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bytea[], $10::bytea[], $11::text[], $12::bytea[]) WITH ORDINALITY
    AS new (task, seq, host, received_at, slice_count, accepted_items, credit_reported, credit_final,
      head, seal, ack, slices, at)
  ORDER BY at`

export async function appendReports(
  connection: Connection,
  commits: readonly Commit[],
  { hosts, tasks }: { hosts: HostNumbers; tasks: TaskNumbers },
): Promise<void> {
  const reports = commits.map(({ report }) => report)
  await connection.rows(APPEND, [
    reports.map(({ task }) => tasks.get(task) ?? null),
    reports.map(({ seq }) => seq),
    reports.map(({ host }) => hosts.get(host) ?? null),
    reports.map(({ receivedAt }) => receivedAt),
    reports.map(({ sliceCount }) => sliceCount),
    reports.map(({ acceptedItems }) => acceptedItems),
    reports.map(({ creditReported }) => creditReported),
    reports.map(({ creditFinal }) => creditFinal),
    reports.map(({ head }) => head),
    reports.map(({ seal }) => seal),
    reports.map(({ ack }) => ack),
    reports.map(({ slices }) => slices),
  ])
}
