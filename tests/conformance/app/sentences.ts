import { expect } from 'vitest'

/** What `View` says is one sentence without a full stop, and never a value that nobody meant to show. */
export function expectSentence(text: string): void {
  expect(text).toMatch(/^[^\n]*[^.\s]$/)
  expect(text).not.toMatch(/\.\s/)
  expect(text).not.toMatch(/\b(NaN|Infinity|undefined|null)\b|\[object /)
}

/** How many sentences a text has that ends with a full stop; 0 where it does not, or goes over several lines. */
export function sentencesIn(text: string): number {
  return /^[^\n]*\.$/.test(text) ? text.split(/\.(?:\s|$)/).length - 1 : 0
}
