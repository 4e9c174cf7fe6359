import type { Report } from './messages.ts'
import type { TaskId } from './ids.ts'

/**
 * The exact bytes that hosts hash and sign. Each statement begins with its own name, so that a signature made for one can
 * never pass for another.
 */

/** What a host signs to open a session. @param nonce the challenge's 32 bytes */
export function helloStatement(nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(named('weft hello 1'), nonce)
}

/** What a host signs when it has sent the last report of a task. @param head SHA-256 chain head, 32 bytes */
export function sealStatement(task: TaskId, head: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(named('weft seal 1'), named(task), head)
}

/** The chain of a task starts at the SHA-256 of this: it binds every grant and seed, which the token holds. */
export function chainStart(token: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(named('weft chain 1'), token)
}

/**
 * The next link of a task's chain is the SHA-256 of this.
 * @param head the head so far, 32 bytes
 */
export function chainLink(
  head: Uint8Array,
  report: Pick<Report, 'seq' | 'slices' | 'outputs'>,
): Uint8Array<ArrayBuffer> {
  const outputs = new TextEncoder().encode(canonicalJson(report.outputs))
  const body = new Uint8Array(8 + report.slices.length * 24)
  const view = new DataView(body.buffer)
  view.setUint32(0, report.seq, true)
  view.setUint32(4, report.slices.length, true)
  report.slices.forEach(([grant, start, log2, digest], i) => {
    view.setUint32(8 + i * 24, grant, true)
    view.setUint32(12 + i * 24, log2, true)
    view.setBigUint64(16 + i * 24, BigInt(start), true)
    body.set(digest, 24 + i * 24)
  })
  return concat(head, body, outputs)
}

/** JSON with sorted keys and no spaces: one value, one text. Plain JSON values only. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

function named(name: string): Uint8Array {
  return new TextEncoder().encode(`${name}\n`)
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
