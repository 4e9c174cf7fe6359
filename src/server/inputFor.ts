import type { AnyApp } from '../apps/app.ts'

/** Who reads: hosts and anybody, or whoever has shown the submit token. */
export type Reader = 'public' | 'requester'

/**
 * What this reader may see of a workunit's input: all of it, or what the app lets everybody see. Texts for the reader are made from
 * this as well, so that none can say more.
 */
export function inputFor(reader: Reader, app: AnyApp, input: unknown): unknown {
  if (reader === 'requester' || app.publicInput === undefined) return input
  return app.publicInput(input)
}

export function readerOf({ trusted }: { readonly trusted: boolean }): Reader {
  return trusted ? 'requester' : 'public'
}
