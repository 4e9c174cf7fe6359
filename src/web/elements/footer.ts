import { css, html, LitElement } from 'lit'
import { TotalsController, type TotalsState } from '../controllers/totalsController.ts'
import { formatCount } from '../formatNumber.ts'
import { offeredApps } from '../offeredApps.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'

const words = text.footer

/** What the coordinator has come to, how far results may be believed, and where to read more. */
export class WeftFooter extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        padding: var(--gap) 0;
        border-top: 2px dashed var(--warp);
      }
      dl,
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 2rem;
      }
      dl div {
        display: flex;
        flex-direction: row-reverse;
        gap: 0.4rem;
      }
      h2 {
        margin-bottom: 0.5rem;
      }
      .totals {
        min-height: 3.5rem;
        margin-bottom: 1.25rem;
      }
      .provisional {
        max-width: 44rem;
      }
      /* Its place is kept, so that saying it moves nothing. */
      .provisional[hidden] {
        display: block;
        visibility: hidden;
      }
      nav {
        margin-top: 0.75rem;
      }
      nav a {
        display: inline-block;
        padding: 0.5rem 0;
      }
      .private {
        margin-top: 0.75rem;
      }
    `,
  ]

  #totals = new TotalsController(this)

  override render() {
    const { current } = this.#totals
    const unaudited = current.state === 'known' && current.totals.trust === 'none'
    return html`
      <div class="totals">
        <h2>${words.totals}</h2>
        ${totalsOf(current)}
      </div>
      <p class="provisional small soft" ?hidden=${!unaudited}>${words.provisional}</p>
      <nav class="small">
        <a href="/api/openapi.json">${words.api}</a>
        ${offeredApps.map(
          ({ id, title }) => html`<a href="/source/${id}.txt">${words.source(title)}</a>`,
        )}
        <a href="/LICENSE.txt">${words.licence}</a>
      </nav>
      <p class="private small soft">${words.private}</p>
    `
  }
}

function totalsOf(current: TotalsState) {
  if (current.state === 'asking') return html`<p class="soft">${words.asking}</p>`
  if (current.state === 'unreachable') return html`<p class="soft">${words.unreachable}</p>`
  const { hosts, connectedHosts, items, results, creditReported, creditFinal } = current.totals
  return html`<dl>
    ${total(hosts, words.hosts(hosts))} ${total(connectedHosts, words.connected)}
    ${total(items, words.items)} ${total(results, words.results)}
    ${total(creditReported + creditFinal, words.credit)}
  </dl>`
}

function total(count: number | bigint, name: string) {
  return html`<div>
    <dt class="soft">${name}</dt>
    <dd>${formatCount(count)}</dd>
  </div>`
}
customElements.define('weft-footer', WeftFooter)
