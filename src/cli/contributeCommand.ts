import { availableParallelism } from 'node:os'
import { Option, type Command } from 'commander'
import type { BackendPreference } from '../client/gpuState.ts'
import type { AppId } from '../protocol/ids.ts'
import { appList, httpOrigin, nonEmpty, threadCount, wholeNumber } from './optionParsers.ts'

/** How a terminal host runs; every value is in its bounds. */
export interface ContributeOptions {
  /** Origin of the coordinator. */
  readonly server: URL
  readonly backend: BackendPreference
  readonly threads: number
  /** Of which apps; all of them without it. */
  readonly apps?: readonly AppId[]
  /** Percent of the threads' and the GPU's time, 5 to 100. */
  readonly duty: number
  readonly dataDir: string
  readonly json?: true
}

const BACKENDS: readonly BackendPreference[] = ['auto', 'webgpu', 'wasm']

/** Adds the flags, and what a value may be: a wrong one ends the process with a line that says so. */
export function contributeCommand(
  command: Command,
  contribute: (options: ContributeOptions) => Promise<void>,
): void {
  command
    .description('lend this machine to a coordinator, until Ctrl+C')
    .addOption(
      new Option('--server <url>', 'the coordinator')
        .env('WEFT_SERVER')
        .default(new URL('http://localhost:8787'), 'http://localhost:8787')
        .argParser(httpOrigin),
    )
    .addOption(
      new Option('--backend <which>', 'the processor, the GPU, or what is faster')
        .choices(BACKENDS)
        .default('auto'),
    )
    .addOption(
      new Option('--apps <ids>', 'compute of these apps only, ids apart by commas').argParser(
        appList,
      ),
    )
    .addOption(
      new Option('--threads <n>', 'threads of the processor')
        .default(availableParallelism(), 'one per core')
        .argParser(threadCount),
    )
    .addOption(
      new Option('--duty <percent>', 'how much of their time, and of the GPU’s; 5 to 100')
        .default(100)
        .argParser(wholeNumber(5, 100)),
    )
    .addOption(
      new Option('--data-dir <folder>', 'where this host’s key and unsent work are kept')
        .env('WEFT_DATA_DIR')
        .default('data')
        .argParser(nonEmpty),
    )
    .option('--json', 'print events as JSON, one on each line; words for people go to stderr')
    .addHelpText(
      'after',
      `
One device computes once: a data folder serves one process at a time.
With --backend webgpu the processor computes until the GPU is checked; without a GPU the host ends.
Events: start, phase, gpu, progress, find, stop (docs/operating.md).
Exit codes: 1 failed, 2 wrong usage, 4 no coordinator there, 128 + n ended by signal n (Ctrl+C: 130).`,
    )
    .action((options: ContributeOptions) => contribute(options))
}
