import { parseArgs } from 'node:util'
import type { Figure, Figures } from './figures.ts'

/**
 * `npm run bench -- NAME [--json]`. Each bench prints its figures line by line, and with `--json` once more as one JSON
 * object on the last line. A bench that finds something wrong exits with 1.
 */

const benches: Readonly<Record<string, () => Promise<Figures>>> = {
  firstrun: async () => (await import('./firstrun.ts')).benchFirstRun(),
  page: async () => (await import('./page.ts')).benchPage(),
  items: async () => (await import('./items.ts')).benchItems(),
  kernels: async () => (await import('./kernels.ts')).benchKernels(),
  coordinator: async () => (await import('./coordinator.ts')).benchCoordinator(),
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [name = ''] = positionals
const bench = benches[name]
if (bench === undefined) {
  console.error(`Which bench? One of: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
const figures = await bench()
for (const [key, value] of lines('', figures)) console.log(`${key.padEnd(28)} ${value}`)
if (values.json) console.log(JSON.stringify(figures))

/** Every plain figure in it, by its path. */
function lines(path: string, figure: Figure): [string, number | string | boolean | null][] {
  if (typeof figure !== 'object' || figure === null) return [[path, figure]]
  return Object.entries(figure).flatMap(([key, value]) =>
    lines(path === '' ? key : `${path}.${key}`, value),
  )
}
