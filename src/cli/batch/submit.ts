import { InterruptedError } from '../errors.ts'
import { onStopSignal } from '../onStopSignal.ts'
import { readText } from '../readText.ts'
import { chosenApp } from './chosenApp.ts'
import { connect, type ConnectionOptions } from './connection.ts'
import { hintFor } from './hintFor.ts'
import { noteRefused } from './noteRefused.ts'
import { printer } from './printer.ts'
import { watchBatch } from './watch.ts'

export interface SubmitOptions extends ConnectionOptions {
  readonly app?: string
  readonly title?: string
  readonly epsilon?: number
  readonly watch?: true
}

/**
 * Submits the lines of a file as a batch, and says what became of them.
 * @param path `-` is standard input
 * @throws InvalidInputError when the file cannot be read
 * @throws AppNeededError, RefusedError, UnreachableError, NoCoordinatorError, InterruptedError
 */
export async function submit(path: string, options: SubmitOptions): Promise<void> {
  const stopped = new AbortController()
  const { signal } = stopped
  const { api } = await connect(options, signal)
  const text = await readText(path, path)
  if (options.watch) onStopSignal((name) => stopped.abort(new InterruptedError(name)))
  const print = printer()
  const hint = hintFor(options)
  const { title, epsilon } = options
  const app = await chosenApp(api, options.app)
  const submitted = await api.submit({ app, title, epsilon, text })
  const { batch } = submitted
  noteRefused(submitted, print)
  if (options.json) await print.line(JSON.stringify(submitted))
  else {
    await print.record([
      ['Batch', batch.id],
      ['Workunits', print.number(batch.workunits)],
      ['Items', print.number(batch.items)],
      ['Credit', print.number(batch.credit)],
      ['Left out', print.number(submitted.refusedCount)],
    ])
  }
  if (options.watch) {
    await watchBatch({ api, id: batch.id, print, json: options.json ?? false, signal, hint })
  } else {
    print.note(`Watch it: ${hint(`status ${batch.id} --watch`)}`)
  }
  print.note(`Read it: ${hint(`results ${batch.id}`)}`)
}
