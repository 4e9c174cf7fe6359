import type { ReactiveController, ReactiveControllerHost } from 'lit'
import * as v from 'valibot'
import { creditSchema } from '../../protocol/credit.ts'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const totalsSchema = v.object({
  hosts: count,
  connectedHosts: count,
  items: count,
  results: count,
  creditReported: creditSchema,
  creditFinal: creditSchema,
  /** The coordinator's trust policy by name; one that this page does not know is no reason to show nothing. */
  trust: v.string(),
})
export type Totals = v.InferOutput<typeof totalsSchema>

export type TotalsState =
  | { readonly state: 'asking' }
  | { readonly state: 'known'; readonly totals: Totals }
  | { readonly state: 'unreachable' }

const EVERY_MS = 15_000

/** Asks the coordinator for its totals, every 15 s and only while the page is visible. */
export class TotalsController implements ReactiveController {
  current: TotalsState = { state: 'asking' }
  readonly #host: ReactiveControllerHost
  #timer: ReturnType<typeof setTimeout> | undefined
  #abort = new AbortController()

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    this.#abort = new AbortController()
    document.addEventListener('visibilitychange', this.#ask, { signal: this.#abort.signal })
    this.#ask()
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
    this.#abort.abort()
  }

  #ask = (): void => {
    clearTimeout(this.#timer)
    if (document.visibilityState !== 'visible') return
    this.#timer = setTimeout(this.#ask, EVERY_MS)
    void this.#fetch(this.#abort.signal)
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch('/api/stats', { signal })
      if (!response.ok) throw new Error(`/api/stats answered ${response.status}`)
      this.current = { state: 'known', totals: v.parse(totalsSchema, await response.json()) }
    } catch {
      // Offline, restarting, or answering something else: the page says so, and the next turn asks again.
      if (signal.aborted) return
      this.current = { state: 'unreachable' }
    }
    this.#host.requestUpdate()
  }
}
