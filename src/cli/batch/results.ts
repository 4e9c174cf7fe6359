import type { BatchStatus } from '../coordinatorApi.ts'
import { InterruptedError } from '../errors.ts'
import { onStopSignal } from '../onStopSignal.ts'
import { connect, type Connection, type ConnectionOptions } from './connection.ts'
import { isOver } from './describeBatch.ts'
import { follow, pagesOf, type GrowingList } from './follow.ts'
import { hintFor } from './hintFor.ts'
import { printer, type Printer } from './printer.ts'

/** One line of JSON for every find; other names are formats of the app, one line for every finished workunit. */
const NDJSON = 'ndjson'

export interface ResultsOptions extends ConnectionOptions {
  readonly format: string
  readonly follow?: true
  /** All that hosts reported, also what was not asked for. */
  readonly shares?: true
}

/**
 * What a batch has given: what there is, or with `follow` everything until it is over, each line once. With `json`, lines of a format
 * come inside the JSON that they were made from.
 * @throws RefusedError, UnreachableError, NoCoordinatorError, InterruptedError
 */
export async function results(id: string, options: ResultsOptions): Promise<void> {
  const stopped = new AbortController()
  const { signal } = stopped
  if (options.follow) onStopSignal((name) => stopped.abort(new InterruptedError(name)))
  const connection = await connect(options, signal)
  const { api, hasToken } = connection
  const print = printer()
  if (options.format !== NDJSON && !hasToken) {
    print.note(
      "Without the submit token these lines are what everybody may see: no names or assignment ids, and of a search its shares only. Give it with --token or WEFT_SUBMIT_TOKEN, or name the coordinator's data folder with --data-dir.",
    )
  }
  const lines = linesOf(connection, id, options)
  if (!options.follow) {
    for await (const page of pagesOf(lines)) await printAll(page, print)
    return noteRest(await api.batch(id), options, print)
  }
  let last: BatchStatus | undefined
  const patience = { note: print.note, signal }
  for await (const { batch, items } of follow(() => api.batch(id), lines, patience)) {
    last = batch
    await printAll(items, print)
  }
  if (last !== undefined) noteRest(last, options, print)
}

interface Line {
  readonly cursor: string
  readonly text: string
}

function linesOf(
  { api }: Connection,
  id: string,
  { format, json, shares }: ResultsOptions,
): GrowingList<Line> {
  const page: GrowingList<Line>['page'] = async (after) => {
    if (format === NDJSON) {
      const { items, next } = await api.resultPage(id, after, { shares })
      return {
        next,
        items: items.map((item) => ({
          cursor: String(item.id),
          text: JSON.stringify({ batch: id, ...item }),
        })),
      }
    }
    const { items, next } = await api.outcomePage(id, format, after)
    return {
      next,
      items: items.map((item) => ({
        cursor: String(item.no),
        text: json ? JSON.stringify({ batch: id, ...item }) : item.line,
      })),
    }
  }
  return { page, cursorOf: ({ cursor }) => cursor }
}

async function printAll(lines: readonly Line[], { line }: Printer): Promise<void> {
  for (const { text } of lines) await line(text)
}

/** Says what is not there, so that nobody takes a part for the whole. */
function noteRest(batch: BatchStatus, options: ResultsOptions, { note, number }: Printer): void {
  const rest = batch.workunits - batch.finished
  if (rest === 0) return
  if (!isOver(batch)) {
    note(
      `Not finished yet: ${number(rest)} of ${number(batch.workunits)} workunits. --follow waits for them.`,
    )
  } else if (options.format === NDJSON) {
    note(
      `The batch was cancelled; unfinished: ${number(rest)} of ${number(batch.workunits)} workunits.`,
    )
  } else {
    note(
      `The batch was cancelled; unfinished, and without a line: ${number(rest)} of ${number(batch.workunits)} workunits. What was found in them: ${hintFor(options)(`results ${batch.id}`)}`,
    )
  }
}
