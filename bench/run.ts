import { parseArgs } from 'node:util'
import type { Figure, Figures } from './figures.ts'

/**
 * `npm run bench -- NAME [--json]`; the coordinator's also takes `--store sqlite|postgres` and `--replicas N`. Each bench prints its figures line by line, and with `--json` once more as one JSON
 * object on the last line. A bench that finds something wrong exits with 1.
 */

interface Options {
  readonly store: 'sqlite' | 'postgres'
  readonly replicas: number
}

const benches: Readonly<Record<string, (options: Options) => Promise<Figures>>> = {
  firstrun: async () => (await import('./firstrun.ts')).benchFirstRun(),
  page: async () => (await import('./page.ts')).benchPage(),
  items: async () => (await import('./items.ts')).benchItems(),
  kernels: async () => (await import('./kernels.ts')).benchKernels(),
  coordinator: async (options) => (await import('./coordinator.ts')).benchCoordinator(options),
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    store: { type: 'string', default: 'sqlite' },
    replicas: { type: 'string', default: '1' },
  },
  allowPositionals: true,
})
const [name = ''] = positionals
const bench = benches[name]
if (bench === undefined) {
  console.error(`Which bench? One of: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
const { store } = values
const replicas = Number(values.replicas)
if ((store !== 'sqlite' && store !== 'postgres') || !(replicas >= 1 && replicas <= 8)) {
  console.error('--store is sqlite or postgres, --replicas a number from 1 to 8.')
  process.exit(2)
}
const figures = await bench({ store, replicas })
for (const [key, value] of lines('', figures)) console.log(`${key.padEnd(28)} ${value}`)
if (values.json) console.log(JSON.stringify(figures))

/** Every plain figure in it, by its path. */
function lines(path: string, figure: Figure): [string, number | string | boolean | null][] {
  if (typeof figure !== 'object' || figure === null) return [[path, figure]]
  return Object.entries(figure).flatMap(([key, value]) =>
    lines(path === '' ? key : `${path}.${key}`, value),
  )
}
