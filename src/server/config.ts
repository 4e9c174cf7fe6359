import * as v from 'valibot'
import { InvalidConfigError } from './errors.ts'
import { SECRET, SETTINGS, settings, type Setting } from './settings.ts'

/** How a coordinator runs. Made by `parseConfig` only, so every value is in its bounds. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** In lower case; empty when there are none. */
  readonly publicNames: readonly string[]
  readonly trustedProxy: 'off' | 'loopback'
  readonly dataDir: string
  readonly store: 'sqlite' | 'postgres' | 'memory'
  /** Where PostgreSQL is; set whenever `store` is `postgres`. */
  readonly databaseUrl: string | undefined
  /** How long a claim of workunits lasts that is not prolonged. */
  readonly claimMs: number
  readonly seed: boolean
  readonly reportEveryMs: number
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  /** Undefined: one is generated at first start and kept in the data directory. */
  readonly submitToken: string | undefined
  /** Undefined: every app's policy is read from nothing. */
  readonly policyDir: string | undefined
  /** Requests that may be unfinished at once, and workunits in them. */
  readonly quotaBatches: number
  readonly quotaWorkunits: number
  readonly maxFrameBytes: number
  readonly maxSessions: number
  readonly maxConnectionsPerAddress: number
  readonly connectionsPerMinute: number
  readonly framesPerSecond: number
  readonly handshakeMs: number
  readonly pingEveryMs: number
}

/**
 * Reads settings from flags and the environment; a flag beats its variable.
 *
 * @param flags by name without dashes, `{ port: '0', seed: false }`; undefined is a flag that was not given
 * @throws InvalidConfigError for the first setting that is not what it may be, and for a flag that does not exist
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, string | boolean | undefined>> = {},
): Config {
  const known = new Set(settings.map((setting) => setting.flag))
  const unknown = Object.keys(flags).find((flag) => flags[flag] !== undefined && !known.has(flag))
  if (unknown !== undefined) {
    throw new InvalidConfigError(
      `--${unknown}`,
      String(flags[unknown]),
      `there is no such flag; there are ${[...known].map((flag) => `--${flag}`).join(' ')}`,
    )
  }

  function read<Schema extends v.GenericSchema<string, unknown>>(
    setting: Setting & { schema: Schema },
  ): v.InferOutput<Schema> {
    const flag = flags[setting.flag]
    const [name, text] =
      flag === undefined
        ? [setting.env, env[setting.env] ?? setting.fallback ?? '']
        : [`--${setting.flag}`, typeof flag === 'boolean' ? (flag ? 'on' : 'off') : flag]
    const parsed = v.safeParse(setting.schema, text)
    if (parsed.success) return parsed.output
    throw new InvalidConfigError(
      name,
      SECRET.has(setting.flag) ? '(not shown)' : text,
      setting.mayBe,
    )
  }

  const databaseUrl = read(SETTINGS.databaseUrl)
  const store = read(SETTINGS.store) ?? (databaseUrl === undefined ? 'sqlite' : 'postgres')
  if (store === 'postgres' && databaseUrl === undefined) {
    const mayBe = 'it needs DATABASE_URL, which says where the database is'
    throw new InvalidConfigError('The store', store, mayBe)
  }
  return {
    host: read(SETTINGS.host),
    port: read(SETTINGS.port),
    publicNames: read(SETTINGS.publicNames),
    trustedProxy: read(SETTINGS.trustedProxy),
    dataDir: read(SETTINGS.dataDir),
    store,
    databaseUrl,
    claimMs: read(SETTINGS.claimMs),
    seed: read(SETTINGS.seed),
    reportEveryMs: read(SETTINGS.reportEveryMs),
    logLevel: read(SETTINGS.logLevel),
    submitToken: read(SETTINGS.submitToken),
    policyDir: read(SETTINGS.policyDir),
    quotaBatches: read(SETTINGS.quotaBatches),
    quotaWorkunits: read(SETTINGS.quotaWorkunits),
    maxFrameBytes: read(SETTINGS.maxFrameBytes),
    maxSessions: read(SETTINGS.maxSessions),
    maxConnectionsPerAddress: read(SETTINGS.maxConnectionsPerAddress),
    connectionsPerMinute: read(SETTINGS.connectionsPerMinute),
    framesPerSecond: read(SETTINGS.framesPerSecond),
    handshakeMs: read(SETTINGS.handshakeMs),
    pingEveryMs: read(SETTINGS.pingEveryMs),
  }
}
