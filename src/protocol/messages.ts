import * as v from 'valibot'
import { creditSchema } from './credit.ts'
import { appIdSchema, batchIdSchema, hostIdSchema, taskIdSchema, workunitIdSchema } from './ids.ts'
import { MAX_SLICE_LOG2 } from './slice.ts'

/**
 * Every frame of the volunteer protocol. A session runs: hello, challenge, proof, welcome; then asks, tasks, reports and
 * acks, until either side closes. `docs/protocol.md` tells it as a story.
 */

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const bytes = (length: number) =>
  v.pipe(v.instance(Uint8Array), v.length(length, `expected ${length} bytes`))
const bytesUpTo = (length: number) =>
  v.pipe(v.instance(Uint8Array), v.maxLength(length, `expected at most ${length} bytes`))
const shortText = v.pipe(v.string(), v.maxLength(200))

/** How results become facts. `none`: reported work is taken at its word, and everything shown is provisional. */
export const trustPolicySchema = v.picklist(['none'])
export type TrustPolicyName = v.InferOutput<typeof trustPolicySchema>

/** What kind of work a batch is: it decides the order in which hosts get it, and the label that results carry. */
export const batchKindSchema = v.picklist(['practice', 'frontier', 'request'])
export type BatchKind = v.InferOutput<typeof batchKindSchema>

/** The most apps that a host says it can run, or wants to. */
const MAX_APPS = 32
/** The most slices in one report. */
export const MAX_SLICES_PER_REPORT = 256
/** The most grants in one task. */
export const MAX_GRANTS_PER_TASK = 256
/** A report of which anything counts keeps its task's lease for at least this long. */
export const LEASE_KEPT_MS = 10_000
/** The most outputs in one report; a kernel that finds more has found a bug. */
export const MAX_OUTPUTS_PER_REPORT = 256

export const hostKeySchema = v.object({
  algorithm: v.picklist(['Ed25519', 'P-256']),
  /** Raw public key: 32 bytes for Ed25519, 65 (uncompressed point) for P-256. */
  publicKey: bytesUpTo(65),
})
export type HostKey = v.InferOutput<typeof hostKeySchema>

/** Host: who I am and which protocol I speak. */
export const helloSchema = v.object({
  type: v.literal('hello'),
  protocol: count,
  key: hostKeySchema,
  /** App versions this host can run. */
  apps: v.pipe(v.array(v.object({ id: appIdSchema, version: count })), v.maxLength(MAX_APPS)),
})

/** Host: the signature over `helloStatement(challenge)`, 64 bytes in both algorithms. */
export const proofSchema = v.object({ type: v.literal('proof'), signature: bytes(64) })

/** Host: give me work. */
export const askSchema = v.object({
  type: v.literal('ask'),
  /** Credit per second this device reached lately, all workers together, duty included. A hint for sizing slices; it earns nothing. */
  speed: v.pipe(v.number(), v.finite(), v.minValue(0)),
  /** Only work of these, of all that the hello named; of all of them without this. */
  apps: v.optional(v.pipe(v.array(appIdSchema), v.maxLength(MAX_APPS))),
})

/** `[grant, start, log2, digest]`: which grant of the task, which slice of it, and its digest, 8 bytes little-endian. */
export const sliceReportSchema = v.strictTuple([
  count,
  count,
  v.pipe(count, v.maxValue(MAX_SLICE_LOG2)),
  bytes(8),
])
export type SliceReport = v.InferOutput<typeof sliceReportSchema>

/** Host: slices that are finished, in the order of the task's digest chain. */
export const reportSchema = v.object({
  type: v.literal('report'),
  /** The lease token of the task, as it came. */
  token: bytesUpTo(32_768),
  /** 0, 1, 2, ... within the task; a report is sent again, unchanged, until it is acknowledged. */
  seq: count,
  slices: v.pipe(v.array(sliceReportSchema), v.maxLength(MAX_SLICES_PER_REPORT)),
  /** `[index into slices, output]`; the app's schema decides what an output is. */
  outputs: v.pipe(
    v.array(v.strictTuple([count, v.unknown()])),
    v.maxLength(MAX_OUTPUTS_PER_REPORT),
  ),
  /** On the last report of a task: the signature over `sealStatement(taskId, head)`. */
  seal: v.optional(bytes(64)),
})
export type Report = v.InferOutput<typeof reportSchema>

/** Host: I will not finish this task; what is left of it may go to others at once. */
export const releaseSchema = v.object({ type: v.literal('release'), token: bytesUpTo(32_768) })

export const hostFrameSchema = v.variant('type', [
  helloSchema,
  proofSchema,
  askSchema,
  reportSchema,
  releaseSchema,
])
export type HostFrame = v.InferOutput<typeof hostFrameSchema>

/** Coordinator: prove that you own the key. */
export const challengeSchema = v.object({ type: v.literal('challenge'), nonce: bytes(32) })

/** Coordinator: you are in. */
export const welcomeSchema = v.object({
  type: v.literal('welcome'),
  host: hostIdSchema,
  trust: trustPolicySchema,
  /** How often to report finished slices, ms. */
  reportEveryMs: v.pipe(count, v.minValue(100), v.maxValue(60_000)),
  /** This host's credit so far: waiting for finality, and final. */
  credit: v.object({ reported: creditSchema, final: creditSchema }),
})

/** A run of items of one workunit, leased; its slices are `slicesOf(grant, log2)`, their seeds `sliceSeed(seed, slice)`. */
export const grantSchema = v.object({
  /** Index into the task's workunits. */
  workunit: count,
  start: count,
  end: count,
  log2: v.pipe(count, v.maxValue(MAX_SLICE_LOG2)),
  /** 8 bytes, little-endian. */
  seed: bytes(8),
})

export const taskWorkunitSchema = v.object({
  id: workunitIdSchema,
  batch: batchIdSchema,
  kind: batchKindSchema,
  app: appIdSchema,
  version: count,
  /** The app's input, as JSON values; the app's schema decides. */
  input: v.unknown(),
  itemCount: count,
  /** Credit for one item. */
  itemCost: creditSchema,
})
export type TaskWorkunit = v.InferOutput<typeof taskWorkunitSchema>

/** Coordinator: a lease. */
export const taskSchema = v.object({
  type: v.literal('task'),
  task: taskIdSchema,
  token: bytesUpTo(32_768),
  /** How long the items are yours alone. Work that arrives later still counts while it is undone. */
  leaseMs: count,
  workunits: v.pipe(v.array(taskWorkunitSchema), v.maxLength(MAX_GRANTS_PER_TASK)),
  grants: v.pipe(v.array(grantSchema), v.maxLength(MAX_GRANTS_PER_TASK)),
})
export type Task = v.InferOutput<typeof taskSchema>

/**
 * Coordinator: nothing to do just now, and why. `no-app-in-common`: there is work, and this host said that it can run none of it;
 * `none-of-your-apps`: it could run some, and the apps it asked for have none.
 */
export const noWorkSchema = v.object({
  type: v.literal('noWork'),
  reason: v.picklist([
    'no-batches',
    'all-leased',
    'no-app-in-common',
    'none-of-your-apps',
    'too-many-tasks',
  ]),
  retryAfterMs: count,
})

/** Why a slice was not counted. `done`: its items are done already. `not-leased`: it is no slice of the named grant. */
export const refusalSchema = v.picklist(['done', 'not-leased', 'bad-output'])
export type Refusal = v.InferOutput<typeof refusalSchema>

/** Coordinator: this report is durable; what did and did not count. */
export const ackSchema = v.object({
  type: v.literal('ack'),
  task: taskIdSchema,
  seq: count,
  acceptedItems: count,
  /** `[index into the report's slices, why]` */
  refused: v.array(v.strictTuple([count, refusalSchema])),
  /** Credit this report earned. */
  credit: creditSchema,
  /** Whether what was accepted is final already. */
  state: v.picklist(['reported', 'final']),
})
export type Ack = v.InferOutput<typeof ackSchema>

/** Coordinator: this session ends. `advice` says what the host should do. */
export const closeSchema = v.object({
  type: v.literal('close'),
  code: shortText,
  message: shortText,
  advice: v.picklist(['reload', 'reconnect', 'stop']),
})
export type Close = v.InferOutput<typeof closeSchema>

export const coordinatorFrameSchema = v.variant('type', [
  challengeSchema,
  welcomeSchema,
  taskSchema,
  noWorkSchema,
  ackSchema,
  closeSchema,
])
export type CoordinatorFrame = v.InferOutput<typeof coordinatorFrameSchema>

/** What goes out: the same frames before parsing, with credit as decimal strings. */
export type OutgoingHostFrame = v.InferInput<typeof hostFrameSchema>
export type OutgoingCoordinatorFrame = v.InferInput<typeof coordinatorFrameSchema>
