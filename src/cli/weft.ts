#!/usr/bin/env node
import { constants } from 'node:os'
import { Command, Option } from 'commander'
import { contribute } from './contribute.ts'
import { contributeCommand } from './contributeCommand.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { InterruptedError } from './errors.ts'
import { explain } from './explain.ts'
import { threadCount } from './optionParsers.ts'
import { serve, type ServeOptions } from './serve.ts'
import { settings } from '../server/config.ts'

/** `weft`: the command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 128 + n ended by signal n. */
const weft = new Command('weft')
  .description('Open browser tabs, turned into contributors to real computation.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

const serveCommand = weft
  .command('serve')
  .description('run a coordinator, with the site if it is built')
  .option('--json', 'say where it listens as one JSON object')
  .action((flags: ServeOptions) => serve(flags))
for (const { flag, env, fallback, meaning } of settings) {
  const text = `${meaning} (${env}${fallback === undefined ? '' : `, default ${fallback}`})`
  serveCommand.addOption(new Option(`--${flag} <value>`, text))
}

contributeCommand(weft.command('contribute'), contribute)

weft
  .command('demo')
  .description('a coordinator and a host in this terminal, until a small batch is done')
  .option('--json', 'print the result as JSON on the last line')
  .option('--threads <n>', 'worker threads (default: one per core)', threadCount)
  .option('--worktodo <file>', 'PrimeNet assignments to work on')
  .action((options: { json?: true; threads?: number; worktodo?: string }) => demo(options))

weft
  .command('doctor')
  .description('what this device can run, how fast, and why not')
  .option('--json', 'print it as JSON')
  .action((options: { json?: true }) => doctor(options))

try {
  await weft.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  // As a shell reports a program that its signal ended.
  process.exit(
    error instanceof InterruptedError ? 128 + constants.signals[error.details.signal] : 1,
  )
}
