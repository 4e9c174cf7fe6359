import { html, LitElement } from 'lit'
import { mathText } from '../mathText.ts'
import { shared, table } from '../styles/shared.ts'
import { text } from '../text.ts'

/** What a yes means, in plain words, before it is given. */
export class WeftTerms extends LitElement {
  static override styles = [shared, table]

  override render() {
    return html`<dl>
      ${text.terms(location.host).map(
        ({ term, said }) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${mathText(said)}</dd>
          </div>`,
      )}
    </dl>`
  }
}
customElements.define('weft-terms', WeftTerms)
