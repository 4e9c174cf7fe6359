import * as v from 'valibot'
import { PROTOCOL_VERSION } from '../protocol/version.ts'

/** What stands at an address. Reasons are parts of a sentence, without a full stop. */
export type Probe =
  | { readonly status: 'coordinator' }
  /** It may come back. */
  | { readonly status: 'unreachable'; readonly why: string }
  /** It will not become a coordinator for this program by itself. */
  | { readonly status: 'wrong'; readonly why: string }

const PATIENCE_MS = 10_000
const healthSchema = v.object({ status: v.literal('ok'), protocol: v.number() })
const refusalSchema = v.object({ message: v.string() })

/** A WebSocket that does not open says nothing of why; a plain request does. @param server an origin */
export async function probeCoordinator(server: URL): Promise<Probe> {
  try {
    const response = await fetch(new URL('/api/health', server), {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return judge(response, await jsonOf(response))
  } catch (error) {
    return { status: 'unreachable', why: reasonOf(error) }
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function judge(response: Response, body: unknown): Probe {
  const { status, headers } = response
  if (status >= 500 || status === 429) {
    const refusal = v.safeParse(refusalSchema, body)
    const said = refusal.success ? `: “${refusal.output.message.replace(/\.$/, '')}”` : ''
    return { status: 'unreachable', why: `it answers with HTTP status ${status}${said}` }
  }
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? 'somewhere else'
    return { status: 'wrong', why: `it sends everybody to ${to}; name that with --server` }
  }
  const health = v.safeParse(healthSchema, body)
  if (!health.success) {
    // A coordinator that does not go by this name says so itself.
    const refusal = v.safeParse(refusalSchema, body)
    const said = refusal.success ? `: “${refusal.output.message.replace(/\.$/, '')}”` : ''
    return { status: 'wrong', why: `/api/health answers with HTTP status ${status}${said}` }
  }
  const { protocol } = health.output
  if (protocol === PROTOCOL_VERSION) return { status: 'coordinator' }
  const why = `it speaks version ${protocol} of the protocol, this program version ${PROTOCOL_VERSION}; update the older one`
  return { status: 'wrong', why }
}

/** Whatever `fetch` could not do stands in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'it does not answer'
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  // Several addresses were tried, and the cause has no words of its own.
  if (cause.message === '' && 'code' in cause) return String(cause.code)
  return cause.message
}
