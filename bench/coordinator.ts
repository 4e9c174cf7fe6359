import { makeBenchStore, type BenchStore, type BenchStoreName } from './benchStore.ts'
import type { Figures } from './figures.ts'
import { fillStore } from './fillStore.ts'
import { LIMITS, measureCoordinator, type Load } from './measureCoordinator.ts'

/**
 * What coordinators carry on one store, and what a frame costs where little is stored and where much is: the same load, less of it, in
 * processor time of coordinator and database together.
 */

/**
 * How often each host reports, so that more frames are offered than the target: 2,273 and 1,250 a second. With 2,500 two cores are full,
 * the load generator's among them, and the latency is that of a queue.
 */
const EVERY_MS: Readonly<Record<BenchStoreName, number>> = { sqlite: 220, postgres: 400 }
/** Costs are compared at 1,000 frames a second, which every store holds. */
const COST_EVERY_MS = 500
const COST_ROUNDS = 2
/** Stored item ranges between which they are. */
const RANGES = { few: 1e4, many: 1e7 } as const

export interface CoordinatorBench {
  readonly store?: BenchStoreName
  /** Coordinators on the store; hosts are dealt out to them. More than one needs PostgreSQL. */
  readonly replicas?: number
  readonly load?: Partial<Load>
  readonly ranges?: { readonly few: number; readonly many: number }
}

/** @throws Error when what is stored differs from what was acknowledged, or a kind of report did not occur */
export async function benchCoordinator(bench: CoordinatorBench = {}): Promise<Figures> {
  const { store: name = 'sqlite', replicas = 1, load = {}, ranges = RANGES } = bench
  if (name === 'sqlite' && replicas > 1) throw new Error('SQLite serves one coordinator.')
  for (const [limit, value] of Object.entries(LIMITS))
    console.log(`changed limit: --${limit} ${value}`)
  const store = await makeBenchStore(name)
  try {
    const figures = await measureCoordinator(store, { everyMs: EVERY_MS[name], replicas, ...load })
    const costPerFrame = await compareCosts(name, load, ranges)
    return { store: name, replicas, ...figures, costPerFrame }
  } finally {
    await store.remove()
  }
}

/** In turns, each the least of its rounds, so that what else the machine does concerns both. */
async function compareCosts(
  name: BenchStoreName,
  load: Partial<Load>,
  ranges: { readonly few: number; readonly many: number },
): Promise<Figures> {
  const few = await makeBenchStore(name)
  const many = await makeBenchStore(name)
  try {
    await fill(few, ranges.few)
    await fill(many, ranges.many)
    let cpuMsFew = Infinity
    let cpuMsMany = Infinity
    const costOf = async (store: BenchStore) =>
      (await measureCoordinator(store, { everyMs: COST_EVERY_MS, ...load })).cpuMsPerFrame
    for (let round = 0; round < COST_ROUNDS; round++) {
      cpuMsFew = Math.min(cpuMsFew, await costOf(few))
      cpuMsMany = Math.min(cpuMsMany, await costOf(many))
    }
    const growth = Math.round((cpuMsMany / cpuMsFew - 1) * 1_000) / 1_000
    return { rangesFew: ranges.few, rangesMany: ranges.many, cpuMsFew, cpuMsMany, growth }
  } finally {
    await few.remove()
    await many.remove()
  }
}

async function fill(place: BenchStore, ranges: number): Promise<void> {
  const startedAt = performance.now()
  const store = await place.open()
  await fillStore(store, ranges)
  await store.close()
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`${ranges} item ranges were stored in ${seconds} s`)
}
