import { css, html, LitElement } from 'lit'
import { formatCores, formatShare } from '../formatNumber.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { BackendPreference } from '../../client/gpuState.ts'
import type { Snapshot } from '../../client/snapshot.ts'

const words = text.governor

/** Tells the page that the person moved the slider. */
export class ShareEvent extends Event {
  static readonly type = 'weft-share'
  /** 0.05 to 1 */
  readonly share: number
  constructor(share: number) {
    super(ShareEvent.type, { bubbles: true, composed: true })
    this.share = share
  }
}

/** How hard to run: the person's limit, what follows from it, and what is measured. */
export class WeftGovernor extends LitElement {
  static override properties = {
    share: { type: Number },
    preference: {},
    snapshot: { attribute: false },
  }
  declare share: number
  declare preference: BackendPreference
  /** Of the running engine; without one only the limit is shown. */
  declare snapshot: Snapshot | undefined

  static override styles = [
    shared,
    css`
      .top {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
      }
      .percent {
        font-size: var(--step-1);
        font-weight: 600;
      }
      input {
        appearance: none;
        display: block;
        width: 100%;
        height: 2.75rem;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
      }
      input::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(
          to right,
          var(--dye) calc(var(--share) * 1%),
          var(--rule) calc(var(--share) * 1%)
        );
      }
      input::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: var(--rule);
      }
      input::-moz-range-progress {
        height: 4px;
        border-radius: 2px;
        background: var(--dye);
      }
      /* A shuttle on its thread. */
      input::-webkit-slider-thumb {
        appearance: none;
        width: 2.25rem;
        height: 1.125rem;
        margin-top: calc(2px - 0.5625rem);
        border: 2px solid var(--raised);
        border-radius: 1rem;
        background: var(--dye);
      }
      input::-moz-range-thumb {
        width: 2rem;
        height: 0.875rem;
        border: 2px solid var(--raised);
        border-radius: 1rem;
        background: var(--dye);
      }
      /* The shuttle shows the focus, not the field around it. */
      input:focus-visible {
        outline: none;
      }
      input:focus-visible::-webkit-slider-thumb {
        outline: 2px solid var(--dye);
        outline-offset: 2px;
      }
      input:focus-visible::-moz-range-thumb {
        outline: 2px solid var(--dye);
        outline-offset: 2px;
      }
      .follows {
        min-height: 4.5em;
      }
    `,
  ]

  constructor() {
    super()
    this.share = 0.5
    this.preference = 'auto'
  }

  override render() {
    return html`
      <div class="top">
        <label for="share">${words.label}</label>
        <span class="percent" aria-hidden="true">${formatShare(this.share)}</span>
      </div>
      <input
        id="share"
        type="range"
        min="5"
        max="100"
        step="5"
        aria-describedby="follows"
        aria-valuetext=${formatShare(this.share)}
        .value=${String(Math.round(this.share * 100))}
        @input=${this.#moved}
      />
      <p id="follows" class="follows soft small">${this.#follows()}</p>
    `
  }

  protected override updated(): void {
    this.style.setProperty('--share', String(this.share * 100))
  }

  #follows() {
    const cores = navigator.hardwareConcurrency || 1
    const { snapshot } = this
    return snapshot
      ? html`${followsOf(snapshot, cores)}<br />${measuredOf(snapshot)}`
      : html`${this.#promise(cores)}<br />${words.unmeasured}`
  }

  #promise(cores: number): string {
    const promise = words.promise(formatCores(this.share * cores), cores)
    if (this.preference === 'wasm') return promise
    return words.promiseToo(promise, formatShare(this.share))
  }

  #moved = (event: Event & { readonly target: HTMLInputElement }): void => {
    this.dispatchEvent(new ShareEvent(event.target.valueAsNumber / 100))
  }
}

function followsOf({ workers, duty, gpuDuty }: Snapshot, cores: number): string {
  if (workers === 0) return words.followsAlone(formatShare(gpuDuty))
  const follows = words.follows(workers, cores, formatShare(duty))
  return gpuDuty > 0 ? words.followsToo(follows, formatShare(gpuDuty)) : follows
}

function measuredOf({ workers, gpuDuty, busyShare, gpuBusyShare }: Snapshot): string {
  return words.measured([
    ...(workers > 0 ? [words.ofCores(formatShare(busyShare))] : []),
    ...(gpuDuty > 0 ? [words.ofGpu(formatShare(gpuBusyShare))] : []),
  ])
}
customElements.define('weft-governor', WeftGovernor)
