import type { Report } from '../protocol/messages.ts'
import { chainLink, chainStart } from '../protocol/statement.ts'

/** The head of a task's digest chain before its first report, 32 bytes. */
export function startChain(token: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(chainStart(token))
}

/** The head after this report, 32 bytes. */
export function extendChain(
  head: Uint8Array,
  report: Pick<Report, 'seq' | 'slices' | 'outputs'>,
): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(chainLink(head, report))
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
