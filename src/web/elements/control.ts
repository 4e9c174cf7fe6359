import { css, html, LitElement, nothing } from 'lit'
import type { EngineState } from '../controllers/contributorController.ts'
import type { Missing } from '../missingParts.ts'
import { isOn, sentenceOf } from '../sentenceOf.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'

/** Tells the page that the person pressed the button: yes, or no. */
export class ConsentEvent extends Event {
  static readonly type = 'weft-consent'
  readonly yes: boolean
  constructor(yes: boolean) {
    super(ConsentEvent.type, { bubbles: true, composed: true })
    this.yes = yes
  }
}

/** The one button, and what is going on in words. On a phone it stays under the thumb. */
export class WeftControl extends LitElement {
  static override properties = { engine: { attribute: false }, missing: { attribute: false } }
  declare engine: EngineState
  declare missing: readonly Missing[]

  static override styles = [
    shared,
    css`
      .main {
        width: 100%;
        min-height: 3.5rem;
        padding: 0 1.25rem;
        font-size: var(--step-1);
        font-weight: 600;
        color: var(--on-dye);
        background: var(--dye);
        /* A running stitch along the hem. */
        box-shadow: inset 0 0 0 4px var(--dye);
        border: 0;
        outline: 1.5px dashed color-mix(in srgb, var(--on-dye) 55%, transparent);
        outline-offset: -7px;
      }
      .main:hover {
        outline-color: var(--on-dye);
      }
      .main:focus-visible {
        outline: 2px solid var(--dye);
        outline-offset: 3px;
      }
      .main.on {
        color: var(--ink);
        background: var(--raised);
        box-shadow: inset 0 0 0 1.5px var(--ink);
        outline-color: color-mix(in srgb, var(--ink) 40%, transparent);
      }
      .main:disabled {
        color: var(--ink-soft);
        background: var(--rule);
        box-shadow: none;
        outline-color: transparent;
        cursor: not-allowed;
      }
      .state {
        min-height: 6.5rem;
        padding-top: 1rem;
      }
      .title {
        display: flex;
        align-items: baseline;
        gap: 0.5rem;
        font-weight: 600;
        line-height: 1.3;
      }
      .title::before {
        content: '';
        flex: none;
        width: 0.6875rem;
        height: 0.5rem;
        border-radius: 3px;
        background: var(--lamp, var(--warp));
      }
      .on {
        --lamp: var(--dye);
      }
      .alarm {
        --lamp: var(--alarm);
      }
      @media (max-width: 56rem) {
        :host {
          position: fixed;
          inset: auto 0 0;
          z-index: 1;
          padding: 0.75rem var(--edge) calc(0.75rem + env(safe-area-inset-bottom));
          background: var(--raised);
          border-top: 1px solid var(--rule);
        }
        .box {
          display: flex;
          flex-direction: column-reverse;
          gap: 0.625rem;
        }
        .state {
          min-height: 2.75rem;
          padding: 0;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.engine = { state: 'off' }
    this.missing = []
  }

  override render() {
    const on = isOn(this.engine)
    const [lacking] = this.missing
    const { title, detail } = lacking ? text.missing[lacking] : sentenceOf(this.engine, Date.now())
    return html`<div class="box">
      <button
        class=${on ? 'main on' : 'main'}
        ?disabled=${lacking !== undefined}
        aria-describedby="title detail"
        @click=${() => this.dispatchEvent(new ConsentEvent(!on))}
      >
        ${on ? text.stop : text.start}
      </button>
      <div class="state">
        <p id="title" role="status" class=${`title ${this.#lamp(on)}`}>${title}</p>
        <p id="detail" class="small soft">
          ${detail}
          ${this.#needsReload() ? html`<a href="" @click=${reload}>${text.reload}</a>` : nothing}
        </p>
      </div>
    </div>`
  }

  #lamp(on: boolean): string {
    const { engine } = this
    if (this.missing.length > 0 || engine.state === 'unloadable') return 'alarm'
    if (engine.state !== 'loaded') return on ? 'on' : ''
    const { phase } = engine.snapshot
    if (phase.state === 'stopped') return phase.why ? 'alarm' : ''
    return phase.state === 'idle' ? '' : 'on'
  }

  #needsReload(): boolean {
    if (this.engine.state !== 'loaded') return false
    const { phase } = this.engine.snapshot
    if (phase.state === 'stopped') return phase.why?.code === 'protocol-version'
    return phase.state === 'idle' && phase.reason === 'no-app-in-common'
  }
}

function reload(event: Event): void {
  event.preventDefault()
  location.reload()
}
customElements.define('weft-control', WeftControl)
