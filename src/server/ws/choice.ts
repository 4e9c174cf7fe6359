import type { OutgoingCoordinatorFrame } from '../../protocol/messages.ts'

type CanRun = (app: string, version: number) => boolean

/** What one ask may be answered with: apps that its host can run and, where it named some, wants to. */
export class Choice {
  readonly #host: { readonly canRun: CanRun }
  readonly #apps: ReadonlySet<string> | undefined
  /** Whether there was work that the host could run and does not want. */
  #spurned = false

  /** @param apps ids of those it wants; all without it */
  constructor(host: { readonly canRun: CanRun }, apps: readonly string[] | undefined) {
    this.#host = host
    this.#apps = apps && new Set(apps)
  }

  canRun(app: string, version: number): boolean {
    if (!this.#host.canRun(app, version)) return false
    const wanted = this.#apps?.has(app) ?? true
    this.#spurned ||= !wanted
    return wanted
  }

  /** The answer, with the reason that is true of this host: it has an app in common, only none that it wants. */
  explain<Frame extends OutgoingCoordinatorFrame>(answer: Frame): Frame {
    const hidden = answer.type === 'noWork' && answer.reason === 'no-app-in-common'
    return hidden && this.#spurned ? { ...answer, reason: 'none-of-your-apps' } : answer
  }
}
