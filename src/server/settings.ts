import * as v from 'valibot'
import type { Config } from './config.ts'

/** One line of the help: the variable, the flag that beats it, what it is without either, and what it means. */
export interface Setting {
  readonly env: string
  readonly flag: string
  /** Undefined: there is none, and the setting is not set. */
  readonly fallback: string | undefined
  readonly meaning: string
  /** What a value may be, as the end of a sentence. */
  readonly mayBe: string
  readonly schema: v.GenericSchema<string, unknown>
}

/** Every setting of a coordinator, by its name in `Config`. */
export const SETTINGS = {
  host: {
    env: 'WEFT_HOST',
    flag: 'host',
    fallback: '127.0.0.1',
    meaning: 'address to listen on; anything but loopback lets other machines in',
    mayBe: 'it must be an IP address or a host name, such as 127.0.0.1 or 0.0.0.0',
    schema: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:-]{1,255}$/)),
  },
  port: {
    env: 'WEFT_PORT',
    flag: 'port',
    fallback: '8787',
    meaning: 'port to listen on; 0 lets the system choose',
    ...integer(0, 65_535),
  },
  publicNames: {
    env: 'WEFT_PUBLIC_NAME',
    flag: 'public-name',
    fallback: undefined,
    meaning:
      'host name under which browsers reach the coordinator, without a port; several with commas between',
    mayBe: 'it must be host names with commas between, such as weft.example',
    schema: v.pipe(
      v.string(),
      v.regex(/^$|^[A-Za-z0-9.-]{1,253}(,[A-Za-z0-9.-]{1,253}){0,15}$/),
      v.transform((names) => names.toLowerCase().split(',').filter(Boolean)),
    ),
  },
  trustedProxy: {
    env: 'WEFT_TRUSTED_PROXY',
    flag: 'trusted-proxy',
    fallback: 'off',
    meaning:
      'loopback: limits count the address that a proxy on this machine names last in X-Forwarded-For',
    ...oneOf('off', 'loopback'),
  },
  dataDir: {
    env: 'WEFT_DATA_DIR',
    flag: 'data-dir',
    fallback: 'data',
    meaning: 'directory of the database and the submit token',
    mayBe: 'it must be a path',
    schema: v.pipe(v.string(), v.nonEmpty()),
  },
  store: {
    env: 'WEFT_STORE',
    flag: 'store',
    fallback: undefined,
    meaning:
      'where work is kept: sqlite, postgres, or memory, which forgets everything at the end; postgres where there is a database URL, else sqlite',
    mayBe: 'it must be one of sqlite, postgres, memory',
    schema: v.pipe(
      v.picklist(['', 'sqlite', 'postgres', 'memory']),
      v.transform((word) => (word === '' ? undefined : word)),
    ),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    flag: 'database-url',
    fallback: undefined,
    meaning:
      'where PostgreSQL is, postgresql://USER:PASSWORD@HOST/DATABASE; the variable keeps the password out of the list of processes',
    mayBe: 'it must be a URL that begins with postgresql:// or postgres://',
    schema: v.pipe(
      v.string(),
      v.check((text) => text === '' || isPostgresUrl(text)),
      v.transform((text) => (text === '' ? undefined : text)),
    ),
  },
  claimMs: {
    env: 'WEFT_CLAIM_MS',
    flag: 'claim-ms',
    fallback: '60000',
    meaning:
      'how long after a coordinator has died others that share its database take its workunits over, ms',
    ...integer(1_000, 3_600_000),
  },
  seed: {
    env: 'WEFT_SEED',
    flag: 'seed',
    fallback: 'on',
    meaning: 'whether the coordinator makes work of its own when nobody submits any',
    mayBe: 'it must be on or off',
    schema: v.pipe(
      v.picklist(['on', 'off']),
      v.transform((word) => word === 'on'),
    ),
  },
  reportEveryMs: {
    env: 'WEFT_REPORT_EVERY_MS',
    flag: 'report-every-ms',
    fallback: '2000',
    meaning: 'how often hosts report finished slices, ms',
    ...integer(100, 60_000),
  },
  logLevel: {
    env: 'WEFT_LOG_LEVEL',
    flag: 'log-level',
    fallback: 'info',
    meaning: 'how much is logged',
    ...oneOf('silent', 'error', 'warn', 'info', 'debug'),
  },
  submitToken: {
    env: 'WEFT_SUBMIT_TOKEN',
    flag: 'submit-token',
    fallback: undefined,
    meaning:
      'what requesters must show; without one, it is made once and kept in the data directory',
    mayBe: 'it must be 16 to 200 letters, digits, - and _',
    schema: v.pipe(
      v.string(),
      v.regex(/^$|^[A-Za-z0-9_-]{16,200}$/),
      v.transform((token) => (token === '' ? undefined : token)),
    ),
  },
  policyDir: {
    env: 'WEFT_POLICY_DIR',
    flag: 'policy-dir',
    fallback: undefined,
    meaning: "folder of the operator's policies, <app>.txt each: what may not be submitted",
    mayBe: 'it must be a path',
    schema: v.pipe(
      v.string(),
      v.transform((path) => (path === '' ? undefined : path)),
    ),
  },
  quotaBatches: {
    env: 'WEFT_QUOTA_BATCHES',
    flag: 'quota-batches',
    fallback: '100',
    meaning: 'most submitted batches that may be unfinished at once',
    ...integer(1, 1_000_000),
  },
  quotaWorkunits: {
    env: 'WEFT_QUOTA_WORKUNITS',
    flag: 'quota-workunits',
    fallback: '100000',
    meaning: 'most workunits of submitted batches that may be unfinished at once',
    ...integer(1, 100_000_000),
  },
  maxFrameBytes: {
    env: 'WEFT_MAX_FRAME_BYTES',
    flag: 'max-frame-bytes',
    fallback: '65536',
    meaning: 'longest frame a volunteer may send, bytes',
    ...integer(65_536, 1_048_576),
  },
  maxSessions: {
    env: 'WEFT_MAX_SESSIONS',
    flag: 'max-sessions',
    fallback: '10000',
    meaning: 'most volunteers connected at once',
    ...integer(1, 1_000_000),
  },
  maxConnectionsPerAddress: {
    env: 'WEFT_MAX_CONNECTIONS_PER_ADDRESS',
    flag: 'max-connections-per-address',
    fallback: '64',
    meaning: 'most volunteers connected at once from one address',
    ...integer(1, 1_000_000),
  },
  connectionsPerMinute: {
    env: 'WEFT_CONNECTIONS_PER_MINUTE',
    flag: 'connections-per-minute',
    fallback: '120',
    meaning: 'connections a minute that volunteers of one address may open; as many at once',
    ...integer(1, 1_000_000),
  },
  framesPerSecond: {
    env: 'WEFT_FRAMES_PER_SECOND',
    flag: 'frames-per-second',
    fallback: '20',
    meaning: 'frames a second that one volunteer may send; five times as many in a burst',
    ...integer(1, 100_000),
  },
  handshakeMs: {
    env: 'WEFT_HANDSHAKE_MS',
    flag: 'handshake-ms',
    fallback: '10000',
    meaning: 'how long a volunteer may take to prove its key, ms',
    ...integer(50, 600_000),
  },
  pingEveryMs: {
    env: 'WEFT_PING_EVERY_MS',
    flag: 'ping-every-ms',
    fallback: '30000',
    meaning:
      'how often silent connections are tried, ms; one that does not answer until the next time is dropped',
    ...integer(50, 600_000),
  },
} satisfies Record<keyof Config, Setting>

/** Flags whose value no message repeats. */
export const SECRET = new Set(['submit-token', 'database-url'])

/** Every setting, in the order in which help shows them. */
export const settings: readonly Pick<Setting, 'env' | 'flag' | 'fallback' | 'meaning'>[] =
  Object.values(SETTINGS)

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgresql:', 'postgres:'].includes(new URL(text).protocol)
}

function integer(min: number, max: number) {
  return {
    mayBe: `it must be a whole number from ${min} to ${max}`,
    schema: v.pipe(
      v.string(),
      v.regex(/^[0-9]{1,9}$/),
      v.transform(Number),
      v.minValue(min),
      v.maxValue(max),
    ),
  }
}

function oneOf<const Words extends readonly string[]>(...words: Words) {
  return { mayBe: `it must be one of ${words.join(', ')}`, schema: v.picklist(words) }
}
