import { connect, type ConnectionOptions } from './connection.ts'
import { batchRecord } from './describeBatch.ts'
import { hintFor } from './hintFor.ts'
import { printer } from './printer.ts'

/**
 * Ends a batch.
 * @throws RefusedError, UnreachableError, NoCoordinatorError
 */
export async function cancel(id: string, options: ConnectionOptions): Promise<void> {
  const { api } = await connect(options)
  const batch = await api.cancel(id)
  const print = printer()
  if (options.json) await print.line(JSON.stringify(batch))
  else await print.record(batchRecord(batch, print))
  if (batch.results > 0) {
    print.note(`What was found stays: ${hintFor(options)(`results ${batch.id}`)}`)
  }
}
