import { connect, type ConnectionOptions } from './connection.ts'
import { percent, shareDone, stateOf } from './describeBatch.ts'
import { printer } from './printer.ts'

/**
 * Every batch, the last one submitted first.
 * @throws RefusedError, UnreachableError, NoCoordinatorError
 */
export async function list(options: ConnectionOptions): Promise<void> {
  const { api } = await connect(options)
  const batches = await api.batches()
  const print = printer()
  if (options.json) return print.line(JSON.stringify(batches))
  await print.table(
    ['BATCH', 'STATE', 'DONE', 'WORKUNITS', 'FOUND', 'SUBMITTED', 'TITLE'],
    batches.map((batch) => [
      batch.id,
      stateOf(batch),
      percent(shareDone(batch)),
      print.number(batch.workunits),
      print.number(batch.results),
      batch.createdAt.slice(0, 16).replace('T', ' '),
      batch.title,
    ]),
  )
}
