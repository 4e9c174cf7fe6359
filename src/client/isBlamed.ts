import type { SessionEnd } from './session.ts'

/** Close codes that no report of ours has brought about. */
const BLAMELESS: ReadonlySet<string> = new Set([
  'restarting',
  'replaced',
  'too_many_frames',
  'too_many_sessions',
  'not_committed',
  'store_unavailable',
])

/** Whether the coordinator may have ended the session over a report: one that ends three of them is dropped. */
export function isBlamed(end: SessionEnd): boolean {
  return end.why === 'closed' && !BLAMELESS.has(end.close.code)
}
