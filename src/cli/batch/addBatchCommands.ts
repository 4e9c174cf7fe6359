import { InvalidArgumentError, Option, type Command } from 'commander'
import { httpOrigin } from '../optionParsers.ts'
import { cancel } from './cancel.ts'
import type { ConnectionOptions } from './connection.ts'
import { endWithReader } from './endWithReader.ts'
import { estimate, type EstimateOptions } from './estimate.ts'
import { DEFAULT_DATA_DIR, DEFAULT_SERVER } from './hintFor.ts'
import { list } from './list.ts'
import { results, type ResultsOptions } from './results.ts'
import { status, type StatusOptions } from './status.ts'
import { submit, type SubmitOptions } from './submit.ts'

const JSON_ONCE = 'print the answer as one JSON document'
const JSON_LINES = `${JSON_ONCE}, or as JSON lines while watching`
const APP = [
  '--app <id>',
  'the app that reads it; needed where the coordinator has several',
] as const
const FILE = 'work, one piece a line, as its app reads it; - is standard input'

/** `weft batch ...`: the requester's side of a coordinator. */
export function addBatchCommands(weft: Command): void {
  const batch = weft
    .command('batch')
    .description('submit work to a coordinator, watch it, read it back')
    .hook('preAction', endWithReader)

  command('submit', JSON_LINES)
    .description('submit the lines of a file as a batch')
    .argument('<file>', FILE)
    .option(...APP)
    .option('--title <text>', 'what to call it')
    .option('--epsilon <share>', 'the share of wrong final slices that you can live with', share)
    .option('--watch', 'show progress and finds until it is done')
    .action((file: string, options: SubmitOptions) => submit(file, options))

  command('estimate', JSON_ONCE)
    .description('what the lines of a file would take; nothing is submitted')
    .argument('<file>', FILE)
    .option(...APP)
    .action((file: string, options: EstimateOptions) => estimate(file, options))

  command('list', JSON_ONCE)
    .description('all batches, the last one submitted first')
    .action((options: ConnectionOptions) => list(options))

  command('status', JSON_LINES)
    .description('how far a batch is')
    .argument('<id>', 'the batch')
    .option('--watch', 'show progress and finds until it is done')
    .action((id: string, options: StatusOptions) => status(id, options))

  command('results', 'with a format, the whole outcomes as JSON lines')
    .description('what came out of a batch')
    .argument('<id>', 'the batch')
    .option(
      '--format <name>',
      'ndjson: a line for every find; or a format of the app, a line for every finished workunit: primenet, ranking',
      'ndjson',
    )
    .option('--follow', 'wait for the rest, until the batch is done')
    .option('--shares', 'finds that were not asked for too, as hosts reported them')
    .action((id: string, options: ResultsOptions) => results(id, options))

  command('cancel', JSON_ONCE)
    .description('end a batch; what was found stays')
    .argument('<id>', 'the batch')
    .action((id: string, options: ConnectionOptions) => cancel(id, options))

  function command(name: string, json: string): Command {
    return batch
      .command(name)
      .addOption(
        new Option('--server <url>', 'the coordinator')
          .env('WEFT_SERVER')
          .default(DEFAULT_SERVER, DEFAULT_SERVER.origin)
          .argParser(httpOrigin),
      )
      .addOption(
        new Option(
          '--token <token>',
          'the submit token; by default the one in the data folder, for a coordinator on this machine',
        ).env('WEFT_SUBMIT_TOKEN'),
      )
      .addOption(
        new Option('--data-dir <folder>', "the coordinator's data folder")
          .env('WEFT_DATA_DIR')
          .default(DEFAULT_DATA_DIR),
      )
      .option('--json', json)
  }
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number, such as 0.001.')
}
