import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { AnyApp, View } from '../../apps/app.ts'
import type { TaskWorkunit } from '../../protocol/messages.ts'

/** What the page shows of an app; inputs and outputs are what the engine has parsed with the app's own schemas. */
export interface ShownApp {
  readonly app: AnyApp
  readonly view: View<unknown, unknown>
}

/** Brings each app's words when its first workunit shows up: a page that never computes never loads them. */
export class AppsController implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #shown = new Map<string, ShownApp | 'loading' | 'unknown'>()

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {}

  /** The workunit's app, once it is there; asking for it is what loads it. */
  of(workunit: TaskWorkunit): ShownApp | undefined {
    const key = `${workunit.app}@${workunit.version}`
    const shown = this.#shown.get(key)
    if (shown === undefined) void this.#load(key, workunit)
    return typeof shown === 'object' ? shown : undefined
  }

  async #load(key: string, workunit: TaskWorkunit): Promise<void> {
    this.#shown.set(key, 'loading')
    try {
      const { appOf } = await import('../../apps/registry.ts')
      const app = appOf(workunit.app, workunit.version)
      this.#shown.set(key, { app, view: await app.load.view() })
    } catch (cause) {
      // The page goes on without the words; whoever watches its errors hears of it.
      reportError(cause)
      this.#shown.set(key, 'unknown')
    }
    this.#host.requestUpdate()
  }
}
