import type { Board } from './board.ts'
import type { Carried } from './carried.ts'
import { createIdentity, identityOf, type Identity } from './identity.ts'
import type { KeptTask } from './keptTask.ts'
import type { ContributorParts } from './parts.ts'
import { beginShift, type Shift } from './shift.ts'
import type { StopReason } from './snapshot.ts'
import type { ContributorStorage } from './storage.ts'

/** From a start to its stop: waits for its turn on this device, finds out who it is, works, and leaves in good order. */
export interface Visit {
  /** What the person allows, or what they can see, has changed. */
  apply(): void
  flush(): void
  /** Resolves when everything is reported, kept or given back; `idle` is called when workers are. */
  end(idle: () => void): Promise<void>
  leave(): void
}

/** @param stopped called at most once, when the visit cannot go on; whoever began it ends it */
export function beginVisit(
  parts: ContributorParts,
  carried: Carried,
  board: Board,
  stopped: (reason: StopReason) => void,
): Visit {
  const over = new AbortController()
  let shift: Shift | undefined
  let storage: ContributorStorage | undefined
  let unlock: (() => void) | undefined

  async function begin(): Promise<void> {
    const missing = missingHere()
    if (missing !== undefined) return stopped(missing)
    board.update({ phase: { state: 'starting', step: 'connecting' } })
    unlock = await parts.lock?.acquire(() => {
      const since = parts.wallClock()
      board.update({ phase: { state: 'idle', reason: 'another-tab', since } })
    }, over.signal)
    over.signal.throwIfAborted()
    storage = await parts.openStorage()
    const { identity, kind } = await whoAmI(storage)
    const leftovers = await leftoversOf(storage, identity)
    over.signal.throwIfAborted()
    board.update({
      host: identity.host,
      storage: kind,
      phase: { state: 'starting', step: 'connecting' },
    })
    shift = beginShift({ parts, board, carried, identity, storage, leftovers, stopped })
  }

  const begun = begin().catch((error: unknown) => {
    if (over.signal.aborted) return
    stopped({ code: 'failed', message: error instanceof Error ? error.message : String(error) })
  })

  function letGo(): void {
    storage?.close()
    storage = undefined
    unlock?.()
    unlock = undefined
  }

  return {
    apply: () => shift?.apply(),
    flush: () => shift?.flush(),
    async end(idle) {
      over.abort()
      await begun
      await shift?.halt()
      idle()
      await shift?.deliver()
      letGo()
    },
    leave() {
      over.abort()
      const kept = shift?.abandonShip()
      void Promise.all([begun, kept]).then(letGo)
    },
  }
}

function missingHere(): StopReason | undefined {
  // Browsers have WebCrypto only in secure contexts, whatever their types say.
  const { crypto: webCrypto } = globalThis as { crypto?: Partial<Crypto> }
  if (webCrypto?.subtle === undefined) return { code: 'no-secure-context' }
  if (!('WebAssembly' in globalThis)) return { code: 'no-wasm' }
  return undefined
}

/** The identity kept here, or a new one; a place that cannot keep keys is as good as none. */
async function whoAmI(
  storage: ContributorStorage,
): Promise<{ identity: Identity; kind: ContributorStorage['kind'] }> {
  const kept = await storage.identity()
  if (kept !== undefined) return { identity: await identityOf(kept), kind: storage.kind }
  const fresh = await createIdentity({ extractable: storage.privateKeyAs === 'bytes' })
  const kind = await storage.keepIdentity(fresh).then(
    () => storage.kind,
    () => 'in-memory' as const,
  )
  return { identity: await identityOf(fresh), kind }
}

/** What earlier visits could not deliver. A lease belongs to the key it was given to: what another key left can only be dropped. */
async function leftoversOf(storage: ContributorStorage, { host }: Identity): Promise<KeptTask[]> {
  const kept = await storage.tasks()
  const foreign = kept.filter((task) => task.host !== host)
  if (foreign.length > 0) await storage.write(new Map(foreign.map(({ task }) => [task, undefined])))
  return kept.filter((task) => task.host === host)
}
