import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Contributor } from '../../client/contributor.ts'
import type { BackendPreference } from '../../client/gpuState.ts'
import type { Snapshot } from '../../client/snapshot.ts'
import type { AppId } from '../../protocol/ids.ts'
import { offeredApps } from '../offeredApps.ts'
import { rememberApps, rememberedApps } from '../rememberedApps.ts'
import { rememberBackend, rememberedBackend } from '../rememberedBackend.ts'
import { rememberedShare, rememberShare } from '../rememberedShare.ts'

/** The engine as the page sees it. Before the first press there is none: not its code, not a worker, not a connection. */
export type EngineState =
  | { readonly state: 'off' }
  | { readonly state: 'loading' }
  | { readonly state: 'unloadable'; readonly message: string }
  | { readonly state: 'loaded'; readonly snapshot: Snapshot }

/** Figures that change faster than this are not worth a person's eyes or a device's time. */
const SHOW_EVERY_MS = 100

/** Holds the person's yes, their share, what they want to compute and on what, and the engine that obeys all four. */
export class ContributorController implements ReactiveController {
  engine: EngineState = { state: 'off' }
  /** 0.05 to 1 */
  share = rememberedShare()
  preference = rememberedBackend()
  /** Undefined: all of them. */
  apps = rememberedApps(offeredApps.map(({ id }) => id))
  readonly #host: ReactiveControllerHost
  readonly #load: () => Promise<Contributor>
  #contributor: Contributor | undefined
  #wanted = false
  #next: ReturnType<typeof setTimeout> | undefined

  constructor(host: ReactiveControllerHost, load: () => Promise<Contributor> = loadContributor) {
    this.#host = host
    this.#load = load
    host.addController(this)
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    void this.stop()
  }

  /** The person pressed yes. */
  async start(): Promise<void> {
    this.#wanted = true
    if (this.engine.state === 'loading') return
    if (!this.#contributor) {
      this.#show({ state: 'loading' })
      try {
        this.#contributor = await this.#load()
      } catch (cause) {
        this.#show({ state: 'unloadable', message: String(cause) })
        return
      }
      this.#contributor.subscribe(this.#changed)
    }
    this.#contributor.setShare(this.share)
    this.#contributor.setBackend(this.preference)
    this.#contributor.setApps(this.apps)
    // Stop was pressed while the code was on its way.
    if (this.#wanted) this.#contributor.start()
    this.#show({ state: 'loaded', snapshot: this.#contributor.snapshot })
  }

  async stop(): Promise<void> {
    this.#wanted = false
    await this.#contributor?.stop()
  }

  setShare(share: number): void {
    this.share = share
    rememberShare(share)
    this.#contributor?.setShare(share)
    this.#host.requestUpdate()
  }

  setBackend(preference: BackendPreference): void {
    this.preference = preference
    rememberBackend(preference)
    this.#contributor?.setBackend(preference)
    this.#host.requestUpdate()
  }

  /** @param apps undefined: all of them */
  setApps(apps: readonly AppId[] | undefined): void {
    this.apps = apps
    rememberApps(apps)
    this.#contributor?.setApps(apps)
    this.#host.requestUpdate()
  }

  /** A new phase shows at once; everything else at the next turn. */
  #changed = (snapshot: Snapshot): void => {
    const { engine } = this
    if (engine.state !== 'loaded' || engine.snapshot.phase.state !== snapshot.phase.state) {
      this.#show({ state: 'loaded', snapshot })
    } else {
      this.#next ??= setTimeout(this.#showLatest, SHOW_EVERY_MS)
    }
  }

  #showLatest = (): void => {
    if (this.#contributor) this.#show({ state: 'loaded', snapshot: this.#contributor.snapshot })
  }

  #show(engine: EngineState): void {
    clearTimeout(this.#next)
    this.#next = undefined
    this.engine = engine
    this.#host.requestUpdate()
  }
}

async function loadContributor(): Promise<Contributor> {
  const { browserContributor } = await import('../../client/browser.ts')
  return browserContributor({ server: location.origin })
}
