import { join } from 'node:path'
import { parseConfig } from '../server/config.ts'
import { startServer } from '../server/serve.ts'
import { explain } from './explain.ts'
import { onStopSignal } from './onStopSignal.ts'

export interface ServeOptions {
  readonly json?: true
  /** Settings by name, as commander hands them over: in camel case. */
  readonly [flag: string]: string | true | undefined
}

/** Runs a coordinator until SIGINT or SIGTERM, then stops it gracefully. With `json` it says where it listens in one JSON object. */
export async function serve({ json, ...flags }: ServeOptions): Promise<void> {
  const named = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [kebab(name), value]),
  )
  // A person at a terminal reads the banner; a log that goes to a file or a collector says more.
  const quiet = process.stderr.isTTY ? { WEFT_LOG_LEVEL: 'warn' } : {}
  const config = parseConfig({ ...quiet, ...process.env }, named)
  const server = await startServer(config)
  const tokenFile = config.submitToken === undefined ? join(config.dataDir, 'submit-token') : null
  const { address } = server
  process.stdout.write(
    json
      ? `${JSON.stringify({ event: 'listening', address, store: config.store, tokenFile })}\n`
      : banner(address, tokenFile),
  )
  onStopSignal(() => {
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`)
        process.exit(1)
      },
    )
  })
}

function banner(address: string, tokenFile: string | null): string {
  return [
    '',
    `  Weft is running at  ${address}`,
    '',
    `  API                 ${address}/api/openapi.json`,
    `  Submit token        ${tokenFile === null ? 'as given' : `in ${tokenFile}`}`,
    '  Stop                Ctrl+C',
    '',
    '',
  ].join('\n')
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
