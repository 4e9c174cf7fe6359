import type { BatchResult, BatchStatus, CoordinatorApi } from '../coordinatorApi.ts'
import { InterruptedError } from '../errors.ts'
import { terminalProgress, type Progress } from '../progress.ts'
import { shareDone, stateOf } from './describeBatch.ts'
import { follow, type GrowingList } from './follow.ts'
import { plain, type Printer } from './printer.ts'

interface Watching {
  readonly api: CoordinatorApi
  readonly id: string
  readonly print: Printer
  /** Finds and changes as JSON lines instead of sentences. */
  readonly json: boolean
  readonly signal: AbortSignal
  /** A command of `weft batch` on the same coordinator, to tell people. */
  readonly hint: (command: string) => string
}

/**
 * Shows progress, and every find as it arrives, until the batch is over. It goes on without its watcher: whoever stops watching is told
 * so.
 * @throws RefusedError, UnreachableError, NoCoordinatorError, InterruptedError
 */
export async function watchBatch({ api, id, print, json, signal, hint }: Watching): Promise<void> {
  const progress = terminalProgress(process.stderr, process.stdout)
  const list: GrowingList<BatchResult> = {
    page: (after) => api.resultPage(id, after),
    cursorOf: (result) => String(result.id),
  }
  const patience = { note: (text: string) => progress.say(plain(text), process.stderr), signal }
  let told: BatchStatus | undefined
  try {
    for await (const { batch, items } of follow(() => api.batch(id), list, patience)) {
      for (const result of items) {
        progress.say(json ? JSON.stringify({ result }) : plain(result.sentence))
      }
      if (json && told !== batch) sayChange(progress, told, batch)
      told = batch
      showProgress(progress, batch, print)
    }
  } catch (error) {
    progress.end()
    if (error instanceof InterruptedError) {
      print.note(`Batch ${id} goes on. Look again: ${hint(`status ${id} --watch`)}`)
      print.note(`End it: ${hint(`cancel ${id}`)}`)
    }
    throw error
  }
  progress.end()
  if (told) {
    print.note(`The batch is ${stateOf(told)}. Nothing was audited: its results are provisional.`)
  }
}

function sayChange(progress: Progress, told: BatchStatus | undefined, batch: BatchStatus): void {
  const said = JSON.stringify({ batch })
  if (told === undefined || JSON.stringify({ batch: told }) !== said) progress.say(said)
}

function showProgress(progress: Progress, batch: BatchStatus, { number }: Printer): void {
  progress.show(
    shareDone(batch),
    `${number(batch.finished)} of ${number(batch.workunits)} workunits, ${number(batch.results)} found`,
  )
}
