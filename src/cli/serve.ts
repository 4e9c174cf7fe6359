import { parseConfig } from '../server/config.ts'
import { startServer } from '../server/serve.ts'
import { explain } from './explain.ts'
import { onStopSignal } from './onStopSignal.ts'

/**
 * Runs a coordinator until SIGINT or SIGTERM, then stops it gracefully.
 * @param flags by kebab name, as given; commander hands them over in camel case
 */
export async function serve(flags: Readonly<Record<string, string>>): Promise<void> {
  const named = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [kebab(name), value]),
  )
  // A person at a terminal reads the banner; a log that goes to a file or a collector says more.
  const quiet = process.stderr.isTTY ? { WEFT_LOG_LEVEL: 'warn' } : {}
  const config = parseConfig({ ...quiet, ...process.env }, named)
  const server = await startServer(config)
  process.stdout.write(
    [
      '',
      `  Weft is running at  ${server.address}`,
      '',
      `  API                 ${server.address}/api/openapi.json`,
      `  Submit token        ${config.submitToken === undefined ? `in ${config.dataDir}/submit-token` : 'as given'}`,
      '  Stop                Ctrl+C',
      '',
      '',
    ].join('\n'),
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

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
