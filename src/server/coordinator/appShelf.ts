import type { AnyApp, Verifier } from '../../apps/app.ts'
import { UnknownAppError } from '../../protocol/errors.ts'

type AnyVerifier = Verifier<unknown, unknown>

/** The apps that this coordinator knows. Verifiers are loaded when the first report arrives. */
export class AppShelf {
  readonly all: readonly AnyApp[]
  #verifiers: Promise<ReadonlyMap<AnyApp, AnyVerifier>> | undefined

  constructor(apps: readonly AnyApp[]) {
    this.all = apps
  }

  find(id: string, version: number): AnyApp | undefined {
    return this.all.find((app) => app.id === id && app.version === version)
  }

  /** @throws UnknownAppError */
  get(id: string, version: number): AnyApp {
    const app = this.find(id, version)
    if (app === undefined) throw new UnknownAppError(id, version)
    return app
  }

  /** The newest version of an app. */
  newest(id: string): AnyApp | undefined {
    return this.all
      .filter((app) => app.id === id)
      .toSorted((a, b) => b.version - a.version)
      .at(0)
  }

  verifiers(): Promise<ReadonlyMap<AnyApp, AnyVerifier>> {
    this.#verifiers ??= Promise.all(
      this.all.map(async (app): Promise<[AnyApp, AnyVerifier]> => [app, await app.load.verifier()]),
    ).then((entries) => new Map(entries))
    return this.#verifiers
  }
}
