import { css, html, LitElement, nothing } from 'lit'
import type { ShownApp } from '../controllers/appsController.ts'
import { formatCount } from '../formatNumber.ts'
import { graphicsSentence } from '../graphicsSentence.ts'
import { mathText } from '../mathText.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { Backend } from '../../client/gpuState.ts'
import type { Snapshot } from '../../client/snapshot.ts'
import type { TaskWorkunit } from '../../protocol/messages.ts'

const words = text.figures
/** Of the files under `/kernels`. */
const SUFFIX: Readonly<Record<Backend, string>> = { wasm: 'wasm', webgpu: 'wgsl' }

/** What runs on this device just now, and how it stands with the coordinator. */
export class WeftDetails extends LitElement {
  static override properties = { snapshot: { attribute: false }, shown: { attribute: false } }
  declare snapshot: Snapshot | undefined
  /** The app of the first workunit at hand, or of the last one there was. */
  declare shown: ShownApp | undefined

  static override styles = [
    shared,
    css`
      dl {
        margin: 0;
      }
      dl div {
        padding: 0.5rem 0;
        border-top: 1px solid var(--rule);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      /* As many lines as an app takes, so that another one moves nothing. */
      .work {
        display: block;
        min-height: 9em;
      }
      /* Two lines, so that what was measured moves nothing. */
      .graphics {
        display: block;
        min-height: 3em;
      }
    `,
  ]

  override render() {
    const { snapshot } = this
    if (!snapshot) return nothing
    const { reported, final } = snapshot.credit
    return html`<dl class="small">
      ${row(words.work, html`<span class="work">${this.#work(snapshot)}</span>`)}
      ${row(words.kernel, this.#kernels(snapshot))}
      ${row(text.graphics.row, this.#graphics(snapshot))}
      ${row(words.connection, this.#connection(snapshot))}
      ${row(words.unsent, words.unsentSlices(snapshot.unsentSlices))}
      ${row(
        words.deviceCredit,
        snapshot.host === undefined
          ? words.unknown
          : html`${words.ofCredit(formatCount(reported + final))}
            ${snapshot.trust === 'none' ? html`<em class="soft">${words.provisional}</em>` : nothing}`,
      )}
    </dl>`
  }

  #work({ workunits }: Snapshot) {
    const [first] = workunits
    if (!first) return words.noWork
    const rest = workunits.length - 1
    const more = rest > 0 ? html`, <span class="soft">${words.more(rest)}</span>` : nothing
    const { shown } = this
    // The words of its app may still be on their way, and those that are here another's.
    if (shown?.app.id !== first.app || shown.app.version !== first.version)
      return html`${first.id}${more}`
    return html`${shown.app.title}<br />${mathText(shown.view.describe(first.input))}${more}
      ${this.#outlook(first, shown)}`
  }

  /** What may be found next in it, where the app has a word on that and the device was measured. */
  #outlook({ id, input }: TaskWorkunit, { view }: ShownApp) {
    const { itemsPerSecond = 0, finds = [] } = this.snapshot ?? {}
    if (view.outlook === undefined || itemsPerSecond <= 0) return nothing
    const found = finds.filter(({ workunit, state }) => workunit.id === id && state !== 'refused')
    const outputs = found.map(({ output }) => output)
    return html`<br /><span class="soft"
        >${mathText(view.outlook(input, outputs, itemsPerSecond))}</span
      >`
  }

  #kernels({ backends }: Snapshot) {
    const app = this.shown?.app
    if (!app) return words.noKernel
    const used = backends.flatMap((backend) => app.kernels.filter((one) => one.backend === backend))
    return html`${words.kernelName(app.id, app.version)},
      ${used.map(
        ({ backend, hash }) =>
          html`${words.languages[backend]}
            <a href="/kernels/${hash}.${SUFFIX[backend]}" title=${hash}
              >${words.kernelHash(hash.slice(0, 12))}</a
            >, `,
      )}<a href="/source/${app.id}.txt">${words.source}</a>`
  }

  #graphics(snapshot: Snapshot) {
    const said = graphicsSentence(snapshot, navigator.hardwareConcurrency || 1)
    const why = snapshot.gpu.state === 'unavailable' ? snapshot.gpu.why : nothing
    return html`<span class="graphics" title=${why}>${said}</span>`
  }

  #connection({ connection, storage }: Snapshot) {
    const attempt = 'attempt' in connection ? connection.attempt : 0
    const said = text.connections[connection.state](attempt)
    return storage === 'in-memory' ? html`${said}; ${words.inMemory}` : said
  }
}

function row(name: string, value: unknown) {
  return html`<div>
    <dt class="soft">${name}</dt>
    <dd>${value}</dd>
  </div>`
}
customElements.define('weft-details', WeftDetails)
