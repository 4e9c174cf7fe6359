#!/usr/bin/env node
import { Command, Option } from 'commander'
import { addBatchCommands } from './batch/addBatchCommands.ts'
import { contributeCommand } from './contributeCommand.ts'
import { exitCodeOf, exitCodes, exitCodesHelp } from './exitCodes.ts'
import { explain } from './explain.ts'
import { threadCount } from './optionParsers.ts'
import type { ServeOptions } from './serve.ts'
import { WEFT_VERSION } from '../protocol/version.ts'
import { settings } from '../server/settings.ts'

/** `weft`: the command line. What a command needs is loaded when it runs: the coordinator alone takes a third of a second. */
const weft = new Command('weft')
  .description('Open browser tabs, turned into contributors to real computation.')
  .version(WEFT_VERSION)
  .addHelpText('after', exitCodesHelp())
  .exitOverride((error) =>
    process.exit(error.exitCode === 0 ? exitCodes.done.code : exitCodes.usage.code),
  )

const serveCommand = weft
  .command('serve')
  .description('run a coordinator, with the site if it is built')
  .option('--json', 'say where it listens as one JSON object')
  .action(async (flags: ServeOptions) => (await import('./serve.ts')).serve(flags))
for (const { flag, env, fallback, meaning } of settings) {
  const text = `${meaning} (${env}${fallback === undefined ? '' : `, default ${fallback}`})`
  serveCommand.addOption(new Option(`--${flag} <value>`, text))
}

contributeCommand(weft.command('contribute'), async (options) =>
  (await import('./contribute.ts')).contribute(options),
)

weft
  .command('demo')
  .description('a coordinator and a host in this terminal, until a small batch is done')
  .option('--json', 'print the result as JSON on the last line')
  .option('--threads <n>', 'worker threads (default: one per core)', threadCount)
  .option('--worktodo <file>', 'PrimeNet assignments to work on')
  .action(async (options: { json?: true; threads?: number; worktodo?: string }) =>
    (await import('./demo.ts')).demo(options),
  )

weft
  .command('doctor')
  .description('what this device can run, how fast, and why not')
  .option('--json', 'print it as JSON')
  .action(async (options: { json?: true }) => (await import('./doctor.ts')).doctor(options))

addBatchCommands(weft)

try {
  await weft.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(exitCodeOf(error))
}
