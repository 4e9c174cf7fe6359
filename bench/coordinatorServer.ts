import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parseConfig } from '../src/server/config.ts'
import { startServer } from '../src/server/serve.ts'
import { benchApp } from './coordinatorApp.ts'

/** What a coordinator of the bench says of itself, when it has started and whenever it is asked. */
export interface CoordinatorWord {
  readonly port: number
  /** The resident set after everything unreachable is gone; the kernel's socket buffers are not in it. */
  readonly memoryBytes: number
}

/**
 * A coordinator of the bench in a process of its own, so that its processor time and memory are its alone. It is started with its
 * settings as JSON, answers every message with a word about itself, and stops in order at `stop`.
 */
const [, , flags = '{}'] = process.argv
const config = parseConfig({}, JSON.parse(flags) as Record<string, string>)
const server = await startServer(config, { apps: [benchApp], siteDir: '/nowhere' })
process.on('message', (message) => {
  if (message !== 'stop') return say()
  void server.stop().then(() => process.exit(0))
})
say()

function say(): void {
  process.send?.({ port: server.port, memoryBytes: memoryBytes() } satisfies CoordinatorWord)
}

function memoryBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().rss
}
