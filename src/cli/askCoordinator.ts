import * as v from 'valibot'
import { NoCoordinatorError, RefusedError, UnreachableError } from './errors.ts'

/** A coordinator that is well answers in far less; one that hangs is as good as none. */
const ANSWER_MS = 60_000

const errorSchema = v.object({
  code: v.string(),
  message: v.string(),
  details: v.optional(
    v.object({ refused: v.optional(v.array(v.object({ line: v.number(), reason: v.string() }))) }),
  ),
})

/** How to reach a coordinator, and as whom. */
export interface CoordinatorAccess {
  /** The submit token; sent only where it is asked for. */
  readonly token?: string | undefined
  /** Where the token was found, as a sentence names it. */
  readonly tokenFrom?: string | undefined
  /** Ends what is being asked; its reason is what is thrown. */
  readonly signal?: AbortSignal | undefined
}

export interface Question {
  readonly method?: 'GET' | 'POST'
  readonly body?: unknown
  readonly withToken?: boolean
}

/**
 * Asks a coordinator's API once, and reads the answer by its schema.
 * @param address the coordinator's origin, `http://localhost:8787`
 * @throws RefusedError in the coordinator's own words
 * @throws UnreachableError, NoCoordinatorError
 */
export async function askCoordinator<Schema extends v.GenericSchema>(
  address: string,
  path: string,
  schema: Schema,
  { method = 'GET', body, withToken = false, ...access }: Question & CoordinatorAccess,
): Promise<v.InferOutput<Schema>> {
  const answer = await exchange(address, path, access.signal, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(withToken && access.token && { authorization: `Bearer ${access.token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (answer.status >= 300 && answer.status < 400) {
    throw new NoCoordinatorError(address, `it sends everybody to ${answer.location}`)
  }
  if (answer.status >= 400) {
    const refusal = v.safeParse(errorSchema, answer.body)
    if (refusal.success) throw refusalOf(answer.status, refusal.output, access)
    // What a proxy says while the coordinator behind it is away.
    if ([502, 503, 504].includes(answer.status)) {
      throw new UnreachableError(address, `a proxy answers with status ${answer.status}`)
    }
    throw new NoCoordinatorError(address, `it answers with status ${answer.status} and other words`)
  }
  const parsed = v.safeParse(schema, answer.body)
  if (parsed.success) return parsed.output
  throw new NoCoordinatorError(
    address,
    answer.body === undefined
      ? `its answer to ${path} is no JSON`
      : `its answer to ${path} has another form (${v.getDotPath(parsed.issues[0]) ?? 'all of it'})`,
  )
}

/** @returns `body` is undefined where it is no JSON */
async function exchange(
  address: string,
  path: string,
  signal: AbortSignal | undefined,
  init: RequestInit,
): Promise<{ status: number; location: string | null; body: unknown }> {
  const late = AbortSignal.timeout(ANSWER_MS)
  try {
    const response = await fetch(new URL(path, address), {
      ...init,
      // A redirected POST would come back as a GET, and mean something else.
      redirect: 'manual',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    })
    const text = await response.text()
    const location = response.headers.get('location')
    return { status: response.status, location, body: parseJson(text) }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new UnreachableError(address, reasonOf(cause), { cause })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it hung up',
  UND_ERR_SOCKET: 'it hung up',
  ENOTFOUND: 'there is no machine of this name',
  EAI_AGAIN: 'the name could not be looked up',
}

/** `fetch` wraps what happened into an error that says only that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_MS / 1_000} s`
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  const code = 'code' in cause ? String(cause.code) : ''
  return REASONS[code] ?? (cause.message || code || error.message)
}

/** How many wrong lines a message names. */
const MOST_LINES = 5

/** In the coordinator's own words; where it looked at lines, with what is wrong with the first few. */
function refusalOf(
  status: number,
  { code, message, details }: v.InferOutput<typeof errorSchema>,
  { token, tokenFrom = 'this command' }: CoordinatorAccess,
): RefusedError {
  const refused = details?.refused ?? []
  const examples = refused
    .slice(0, MOST_LINES)
    .map(({ line, reason }) => ` Line ${line}: ${reason}.`)
  const rest = refused.length > MOST_LINES ? ' And others.' : ''
  return new RefusedError(said() + examples.join('') + rest, { status, code })

  function said(): string {
    const where =
      "It is in the file submit-token of the coordinator's data folder; give it with --token or WEFT_SUBMIT_TOKEN, or name the folder with --data-dir"
    if (status === 413) return `${message}. Split the text: a request has at most 1 MiB.`
    if (status !== 401) return message
    return token === undefined
      ? `This needs the submit token. ${where}.`
      : `The submit token of ${tokenFrom} is not this coordinator's. ${where}.`
  }
}
