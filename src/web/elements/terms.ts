import { css, html, LitElement } from 'lit'
import type { AppId } from '../../protocol/ids.ts'
import { mathText } from '../mathText.ts'
import { offeredApps } from '../offeredApps.ts'
import { shared, table } from '../styles/shared.ts'
import { text } from '../text.ts'

/** What a yes means, in plain words, before it is given. */
export class WeftTerms extends LitElement {
  static override properties = { chosen: { attribute: false } }
  /** Undefined: all of them. */
  declare chosen: readonly AppId[] | undefined

  static override styles = [
    shared,
    table,
    css`
      /* One app a line. */
      dd {
        white-space: pre-line;
      }
    `,
  ]

  override render() {
    const apps = offeredApps.filter(({ id }) => this.chosen?.includes(id) ?? true)
    const abouts = apps.map(({ about }) => about)
    return html`<dl>
      ${text.terms(location.host, abouts).map(
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
