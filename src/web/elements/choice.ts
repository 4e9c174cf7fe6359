import { css, html, LitElement, nothing } from 'lit'
import type { AppId } from '../../protocol/ids.ts'
import { mathText } from '../mathText.ts'
import { offeredApps } from '../offeredApps.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'

const words = text.choice

/** Tells the page that the person chose other apps. */
export class ChoiceEvent extends Event {
  static readonly type = 'weft-choice'
  /** Undefined: all of them. */
  readonly apps: readonly AppId[] | undefined
  constructor(apps: readonly AppId[] | undefined) {
    super(ChoiceEvent.type, { bubbles: true, composed: true })
    this.apps = apps
  }
}

/** What to compute: one box for each app. Where there is one app, there is nothing to choose. */
export class WeftChoice extends LitElement {
  static override properties = { chosen: { attribute: false } }
  /** Undefined: all of them. */
  declare chosen: readonly AppId[] | undefined

  static override styles = [
    shared,
    css`
      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 0.25rem;
      }
      label {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 0.75rem;
        padding: 0.5rem 0;
        border-top: 1px solid var(--rule);
        cursor: pointer;
      }
      label:has(:disabled) {
        cursor: not-allowed;
      }
      input {
        width: 1.25rem;
        height: 1.25rem;
        margin: 0.15rem 0 0;
        accent-color: var(--dye);
        cursor: inherit;
      }
      label .small {
        grid-column: 2;
      }
      /* Two lines, so that what it says moves nothing. */
      .last {
        min-height: 3.5em;
        padding-top: 0.5rem;
        border-top: 1px solid var(--rule);
      }
    `,
  ]

  override render() {
    if (offeredApps.length < 2) return nothing
    const chosen = offeredApps.filter(({ id }) => this.#isChosen(id))
    const last = chosen.length === 1
    return html`<fieldset>
      <legend>${words.heading}</legend>
      ${offeredApps.map(
        ({ id, title, about }) =>
          html`<label>
            <input
              type="checkbox"
              .checked=${this.#isChosen(id)}
              ?disabled=${last && this.#isChosen(id)}
              aria-label=${title}
              aria-describedby=${`${id} last`}
              @change=${() => this.#toggle(id)}
            />
            <span>${title}</span>
            <span id=${id} class="small soft">${mathText(about)}</span>
          </label>`,
      )}
      <p id="last" class="last small soft">${last ? words.last : words.any}</p>
    </fieldset>`
  }

  #isChosen(id: AppId): boolean {
    return this.chosen?.includes(id) ?? true
  }

  #toggle(toggled: AppId): void {
    const next = offeredApps
      .map(({ id }) => id)
      .filter((id) => (id === toggled ? !this.#isChosen(id) : this.#isChosen(id)))
    this.dispatchEvent(new ChoiceEvent(next.length === offeredApps.length ? undefined : next))
  }
}
customElements.define('weft-choice', WeftChoice)
