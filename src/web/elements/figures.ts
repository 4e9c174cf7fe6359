import { css, html, LitElement, nothing } from 'lit'
import type { ShownApp } from '../controllers/appsController.ts'
import { formatCount, formatRate } from '../formatNumber.ts'
import { mathText } from '../mathText.ts'
import { shared, table } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { Snapshot } from '../../client/snapshot.ts'

const words = text.figures

/** What runs on this device just now, and what it has come to. */
export class WeftFigures extends LitElement {
  static override properties = { snapshot: { attribute: false }, shown: { attribute: false } }
  declare snapshot: Snapshot | undefined
  /** The app of the first workunit at hand. */
  declare shown: ShownApp | undefined

  static override styles = [
    shared,
    table,
    css`
      :host {
        grid-template-rows: auto 1fr;
      }
      .large {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 1rem;
        padding: 0.75rem 0 1rem;
        border-top: 1px solid var(--rule);
      }
      .large strong {
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
    const { reported, final } = snapshot.credit
    return html`<div class="large">
        ${numeral(formatRate(snapshot.itemsPerSecond), words.itemsPerSecond)}
        ${numeral(formatCount(snapshot.slicesDone), words.slices)}
        ${numeral(formatCount(snapshot.creditEarned), words.credit)}
      </div>
      <dl>
        ${row(
          words.deviceCredit,
          html`${words.ofCredit(formatCount(reported + final))}
          ${snapshot.trust === 'none' ? html`<em class="soft">${words.provisional}</em>` : nothing}`,
        )}
        ${row(words.unsent, words.unsentSlices(formatCount(snapshot.unsentSlices)))}
        ${row(words.work, this.#work(snapshot))} ${row(words.kernel, this.#kernel())}
        ${row(words.connection, this.#connection(snapshot))}
      </dl>`
  }

  #work({ workunits }: Snapshot) {
    const [first] = workunits
    if (!first) return words.noWork
    const rest = workunits.length - 1
    return html`${mathText(this.shown?.view.describe(first.input) ?? first.id)}${
      rest > 0 ? html`, <span class="soft">${words.more(rest)}</span>` : nothing
    }`
  }

  #kernel() {
    const app = this.shown?.app
    const kernel = app?.kernels[0]
    if (!app || !kernel) return words.noKernel
    return html`${words.kernelName(app.id, app.version)},
      <a href="/kernels/${kernel.hash}.wasm" title=${kernel.hash}
        >${words.kernelHash(kernel.hash.slice(0, 12))}</a
      >, <a href="/source/${app.id}.txt">${words.source}</a>`
  }

  #connection({ connection, storage }: Snapshot) {
    const attempt = 'attempt' in connection ? connection.attempt : 0
    const said = text.connections[connection.state](attempt)
    return storage === 'in-memory' ? html`${said}; ${words.inMemory}` : said
  }
}

function numeral(value: string, name: string) {
  return html`<p><strong>${value}</strong> <span class="small soft">${name}</span></p>`
}

function row(name: string, value: unknown) {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}
customElements.define('weft-figures', WeftFigures)
