import { css, html, LitElement } from 'lit'
import type { BackendPreference } from '../../client/gpuState.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'

/** Tells the page that the person chose what computes. */
export class BackendEvent extends Event {
  static readonly type = 'weft-backend'
  readonly preference: BackendPreference
  constructor(preference: BackendPreference) {
    super(BackendEvent.type, { bubbles: true, composed: true })
    this.preference = preference
  }
}

const CHOICES = Object.entries(text.backend.choices) as [BackendPreference, string][]

/** What computes: whatever is measured to be best, or one of the two. */
export class WeftBackend extends LitElement {
  static override properties = { preference: {}, said: {} }
  declare preference: BackendPreference
  /** How it stands with the graphics processor; empty where there is nothing to say. */
  declare said: string

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: 0.25rem 1rem;
      }
      p {
        grid-column: 1 / -1;
        min-height: 3em;
        margin: 0;
      }
      select {
        min-width: 10rem;
        min-height: 2.75rem;
        padding: 0 0.5rem;
        font: inherit;
        color: var(--ink);
        background: var(--paper);
        border: 1px solid var(--rule);
        border-radius: var(--radius);
        cursor: pointer;
      }
      select:hover {
        border-color: currentColor;
      }
    `,
  ]

  constructor() {
    super()
    this.preference = 'auto'
    this.said = ''
  }

  override render() {
    return html`
      <label for="backend">${text.backend.label}</label>
      <select id="backend" aria-describedby="said" @change=${this.#chosen}>
        ${CHOICES.map(
          ([preference, name]) =>
            html`<option value=${preference} .selected=${preference === this.preference}>
              ${name}
            </option>`,
        )}
      </select>
      <p id="said" class="small soft" role="status">${this.said}</p>
    `
  }

  #chosen = (event: Event & { readonly target: HTMLSelectElement }): void => {
    const chosen = CHOICES.find(([preference]) => preference === event.target.value)
    if (chosen) this.dispatchEvent(new BackendEvent(chosen[0]))
  }
}
customElements.define('weft-backend', WeftBackend)
