import { parseConfig } from '../../src/server/config.ts'
import { startServer } from '../../src/server/serve.ts'
import { digestApp } from './digestApp.ts'

/**
 * A coordinator in a process of its own, to be killed. It tells its port, and stops in order only if it is asked to. After data
 * folder and submit token come further flags, `--name=value`.
 */
const [, , dataDir = '', submitToken = '', ...more] = process.argv
const config = parseConfig(
  {},
  {
    port: '0',
    seed: 'off',
    'data-dir': dataDir,
    'log-level': 'error',
    'submit-token': submitToken,
    'frames-per-second': '10000',
    'connections-per-minute': '10000',
    ...Object.fromEntries(more.map((flag) => flag.slice(2).split(/=(.*)/s).slice(0, 2))),
  },
)
const server = await startServer(config, { apps: [digestApp], siteDir: '/nowhere' })
process.on('message', () => {
  void server.stop().then(() => process.disconnect())
})
process.send?.(server.port)
