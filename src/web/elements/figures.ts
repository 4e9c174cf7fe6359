import { css, html, LitElement, nothing } from 'lit'
import { formatCount, formatRate } from '../formatNumber.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { Snapshot } from '../../client/snapshot.ts'

const words = text.figures

/** What this visit has come to, in three numbers. */
export class WeftFigures extends LitElement {
  static override properties = { snapshot: { attribute: false } }
  declare snapshot: Snapshot | undefined

  static override styles = [
    shared,
    css`
      div {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 1rem;
        padding: 0.75rem 0 1rem;
        border-top: 1px solid var(--rule);
      }
      strong {
        display: block;
        font-size: var(--step-3);
        font-weight: 400;
        line-height: 1.15;
        letter-spacing: -0.015em;
      }
    `,
  ]

  override render() {
    const { snapshot } = this
    if (!snapshot) return nothing
    return html`<div>
      ${numeral(formatRate(snapshot.itemsPerSecond), words.itemsPerSecond)}
      ${numeral(formatCount(snapshot.slicesDone), words.slices)}
      ${numeral(formatCount(snapshot.creditEarned), words.credit)}
    </div>`
  }
}

function numeral(value: string, name: string) {
  return html`<p><strong>${value}</strong> <span class="small soft">${name}</span></p>`
}

customElements.define('weft-figures', WeftFigures)
