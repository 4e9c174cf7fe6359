import { InterruptedError } from '../errors.ts'
import { onStopSignal } from '../onStopSignal.ts'
import { connect, type ConnectionOptions } from './connection.ts'
import { batchRecord } from './describeBatch.ts'
import { hintFor } from './hintFor.ts'
import { printer } from './printer.ts'
import { watchBatch } from './watch.ts'

export interface StatusOptions extends ConnectionOptions {
  readonly watch?: true
}

/**
 * How far a batch is; with `watch`, until it is over.
 * @throws RefusedError, UnreachableError, NoCoordinatorError, InterruptedError
 */
export async function status(id: string, options: StatusOptions): Promise<void> {
  const print = printer()
  if (options.watch) {
    const stopped = new AbortController()
    onStopSignal((name) => stopped.abort(new InterruptedError(name)))
    const { signal } = stopped
    const { api } = await connect(options, signal)
    const json = options.json ?? false
    await watchBatch({ api, id, print, json, signal, hint: hintFor(options) })
    return
  }
  const { api } = await connect(options)
  const batch = await api.batch(id)
  if (options.json) await print.line(JSON.stringify(batch))
  else await print.record(batchRecord(batch, print))
}
