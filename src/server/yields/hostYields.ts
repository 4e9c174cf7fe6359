import type { Log } from '../log.ts'
import type { Yield } from '../stores/store.ts'
import { isSuspicious } from './isSuspicious.ts'

/** What a host with an open session should have found and has found, as its reports become durable. */
export class HostYields {
  readonly #log: Log
  readonly #host: string
  readonly #sums = new Map<string, Yield>()
  readonly #suspected = new Set<string>()
  readonly #warned = new Set<string>()

  /** @param stored what the store knew when the session began */
  constructor(host: string, stored: readonly Yield[], log: Log) {
    this.#host = host
    this.#log = log
    this.add(stored)
  }

  /** Takes in what a report that is durable came to. */
  add(yields: readonly Yield[]): void {
    for (const { app, version, ...more } of yields) {
      const key = `${app} ${version}`
      const { expected = 0, found = 0 } = this.#sums.get(key) ?? {}
      const should = expected + more.expected
      // What was found beyond expectation is no credit to hide as much later.
      const had = Math.min(found + more.found, Math.ceil(should))
      const sum = { app, version, expected: should, found: had }
      this.#sums.set(key, sum)
      if (isSuspicious(sum.expected, sum.found)) this.#suspect(key, sum)
      else this.#suspected.delete(key)
    }
  }

  /** Whether it finds so little that it must be keeping outputs of this app for itself. */
  isSuspected(app: string, version: number): boolean {
    return this.#suspected.has(`${app} ${version}`)
  }

  #suspect(key: string, sum: Yield): void {
    this.#suspected.add(key)
    if (this.#warned.has(key)) return
    this.#warned.add(key)
    const words = 'a host finds far less than it should: it is leased no more work of this app'
    this.#log.warn({ host: this.#host, ...sum }, words)
  }
}
