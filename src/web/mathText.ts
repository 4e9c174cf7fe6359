import { html, type TemplateResult } from 'lit'
import { splitPowers } from './splitPowers.ts'

/** A sentence with its powers, written `2^p - 1`, set as people write them. */
export function mathText(sentence: string): TemplateResult {
  const parts = splitPowers(sentence)
  return html`${parts.map((part) =>
    part.power === undefined
      ? part.text
      : html`${part.text}<span class="unseen"> to the power of </span><sup>${part.power}</sup>`,
  )}`
}
