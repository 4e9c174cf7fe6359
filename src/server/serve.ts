import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { AnyApp } from '../apps/app.ts'
import { apps as registeredApps } from '../apps/registry.ts'
import { WeftError } from '../protocol/errors.ts'
import { Capacity } from './capacity.ts'
import type { Config } from './config.ts'
import { AppShelf } from './coordinator/appShelf.ts'
import { Coordinator } from './coordinator/coordinator.ts'
import { measureCapacity } from './daemons/measureCapacity.ts'
import { Seed } from './daemons/seed.ts'
import { startDaemons } from './daemons/startDaemons.ts'
import { CannotListenError, DataFolderError, PortInUseError } from './errors.ts'
import { apiRoutes } from './http/apiRoutes.ts'
import { openHttp } from './http/openHttp.ts'
import { siteRoutes } from './http/siteRoutes.ts'
import { submitTokenGuard } from './http/submitTokenGuard.ts'
import type { Log } from './log.ts'
import { Quota } from './quota.ts'
import { readPolicies } from './policies.ts'
import { openMemoryStore } from './stores/memory/openMemoryStore.ts'
import { openPostgresStore } from './stores/postgres/openPostgresStore.ts'
import { openSqliteStore } from './stores/sqlite/openSqliteStore.ts'
import type { Store } from './stores/store.ts'
import { keptSubmitToken } from './submitToken.ts'
import { Volunteers } from './ws/volunteers.ts'

const ROOT = join(import.meta.dirname, '../..')
/** A stop waits this long for reports under way; what takes longer is sent again after the restart. */
const STOP_MS = 5_000

/** What a test or a bench may put in place of the ordinary. */
export interface ServerParts {
  readonly store?: Store
  readonly apps?: readonly AnyApp[]
  /** The built site; `dist` by default. */
  readonly siteDir?: string
  /** `public/kernels` by default. */
  readonly kernelsDir?: string
  /** The clock that leases run by, ms since the epoch; `Date.now` by default. */
  readonly now?: () => number
}

export interface RunningServer {
  /** Where a browser on this machine finds it, such as `http://localhost:8787`. */
  readonly address: string
  readonly port: number
  readonly submitToken: string
  /**
   * Ends everything in order: what arrived is stored and acknowledged, every host is told, claims are given back. What does not answer
   * is waited for some seconds at most, and never fails the stop. Once is enough.
   */
  stop(): Promise<void>
}

/**
 * Starts a coordinator: resolves when it answers.
 *
 * @throws PortInUseError, CannotListenError
 * @throws PolicyError when what the operator lets be submitted cannot be read
 * @throws DataFolderError
 * @throws StoreLockedError when another coordinator uses the data directory
 */
export async function startServer(config: Config, parts: ServerParts = {}): Promise<RunningServer> {
  const ending = new AbortController()
  // What was opened, the last first: a start that fails leaves nothing behind.
  const opened: (() => Promise<void>)[] = []
  try {
    const apps = new AppShelf(parts.apps ?? registeredApps)
    const policies = await readPolicies(apps, config.policyDir)
    const { app: http, names } = await openHttp(config)
    opened.unshift(() => http.close())
    const store = parts.store ?? (await openStore(config, http.log))
    opened.unshift(() => store.close())
    const coordinator = await Coordinator.open({
      store,
      apps,
      log: http.log,
      now: parts.now ?? Date.now,
      claimMs: config.claimMs,
    })
    const submitToken = config.submitToken ?? (await keptSubmitToken(config.dataDir, store))
    const volunteers = new Volunteers(http.server, { config, coordinator, names, log: http.log })
    opened.unshift(() => volunteers.close())
    const capacity = new Capacity()
    await measureCapacity(store, capacity)
    apiRoutes(http, {
      coordinator,
      volunteers,
      submitToken: submitTokenGuard(submitToken),
      quota: new Quota({ batches: config.quotaBatches, workunits: config.quotaWorkunits }, store),
      capacity,
      policies,
    })
    await siteRoutes(http, {
      siteDir: parts.siteDir ?? join(ROOT, 'dist'),
      kernelsDir: parts.kernelsDir ?? join(ROOT, 'public/kernels'),
    })
    // Nothing is written for a coordinator that cannot listen.
    const { address, port } = await listen(http, config)
    const seeds = config.seed ? await openSeeds(coordinator) : []
    const daemons = startDaemons({
      coordinator,
      volunteers,
      seeds,
      capacity,
      claimMs: config.claimMs,
      log: http.log,
      signal: ending.signal,
    })

    const stop = async (): Promise<void> => {
      http.log.info('stopping')
      volunteers.holdStill()
      ending.abort()
      await atMost(STOP_MS, coordinator.idle())
      await volunteers.close()
      await http.close()
      await atMost(STOP_MS, daemons)
      await atMost(STOP_MS, attempt(http.log, 'giving claims back', coordinator.stop()))
      await atMost(STOP_MS, attempt(http.log, 'closing the store', store.close()))
    }
    let stopped: Promise<void> | undefined
    return {
      address: urlOf(address, port),
      port,
      submitToken,
      stop: () => (stopped ??= stop()),
    }
  } catch (error) {
    ending.abort()
    for (const close of opened) await close()
    throw error
  }
}

async function openStore(config: Config, log: Log): Promise<Store> {
  switch (config.store) {
    case 'postgres':
      return openPostgresStore(config.databaseUrl ?? '', (cause) => {
        log.warn({ err: cause }, 'a connection to the database broke: the next is a new one')
      })
    case 'sqlite':
      try {
        return openSqliteStore(join(config.dataDir, 'weft.sqlite'))
      } catch (cause) {
        if (cause instanceof WeftError || !(cause instanceof Error)) throw cause
        throw new DataFolderError(config.dataDir, cause.message, { cause })
      }
    case 'memory':
      return openMemoryStore()
  }
}

/** Of every app, in the order of the registry: its practice, and its frontier where it has one. */
async function openSeeds(coordinator: Coordinator): Promise<Seed[]> {
  const seeds: (Seed | undefined)[] = []
  for (const app of coordinator.apps.all) {
    seeds.push(await Seed.open(coordinator, app, 'practice'))
    seeds.push(await Seed.open(coordinator, app, 'frontier'))
  }
  return seeds.filter((seed) => seed !== undefined)
}

/** Returns what is bound: the system chose the port if it was 0, and it knows what address the host's name means. */
async function listen(
  http: FastifyInstance,
  { host, port }: Config,
): Promise<{ address: string; port: number }> {
  try {
    await http.listen({ host, port, listenTextResolver: (address) => `listening on ${address}` })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (typeof code !== 'string') throw cause
    throw code === 'EADDRINUSE'
      ? new PortInUseError(host, port, { cause })
      : new CannotListenError(host, port, code, { cause })
  }
  const bound = http.server.address()
  return typeof bound === 'object' && bound !== null ? bound : { address: host, port }
}

const LOCALHOST = new Set(['0.0.0.0', '::', '127.0.0.1', '::1'])

function urlOf(address: string, port: number): string {
  if (LOCALHOST.has(address)) return `http://localhost:${port}`
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Of a stop that goes on whatever happens; what was not given back runs out by itself. */
async function attempt(log: Log, what: string, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (cause) {
    log.error({ err: cause }, `${what} failed: the stop goes on`)
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
