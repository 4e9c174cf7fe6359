import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import { mathText } from '../mathText.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { Demonstration } from '../../apps/app.ts'

const WHOLE_MS = 2_800
const words = text.check

/** Shows a certificate being recomputed, at a pace that a person can follow. */
export class WeftCheck extends LitElement {
  static override properties = { demonstration: { attribute: false }, shownSteps: { state: true } }
  declare demonstration: Demonstration | undefined
  declare shownSteps: number

  static override styles = [
    shared,
    css`
      :host {
        scroll-margin-block: 1rem var(--clearance, 1rem);
        padding: 1rem 1.125rem 1.125rem;
        background: var(--paper);
        border: 1px solid var(--rule);
        border-radius: var(--radius);
      }
      h4 {
        margin: 0 0 0.25rem;
        font-size: inherit;
        font-weight: 600;
      }
      .marks {
        margin: 0.875rem 0;
        overflow-wrap: anywhere;
        letter-spacing: 0.16em;
        font-size: var(--step-1);
        line-height: 1.35;
        color: var(--ink-soft);
      }
      .marks b {
        font-weight: 400;
      }
      .marks .read {
        color: var(--ink);
      }
      .marks .now {
        color: var(--on-dye);
        background: var(--dye);
        box-shadow:
          -0.12em 0 var(--dye),
          0.04em 0 var(--dye);
      }
      .steps {
        height: 13.5rem;
        overflow-y: auto;
        border-block: 1px solid var(--rule);
        scrollbar-gutter: stable;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--step--1);
      }
      th {
        position: sticky;
        top: 0;
        background: var(--paper);
        font-weight: 400;
        text-align: start;
        color: var(--ink-soft);
      }
      th,
      td {
        padding: 0.2rem 0.75rem 0.2rem 0;
        vertical-align: baseline;
      }
      th:last-child,
      td:last-child {
        padding-right: 0.25rem;
        text-align: end;
        overflow-wrap: anywhere;
      }
      tr.one td:nth-child(2) {
        font-weight: 600;
      }
      tr:last-child td {
        color: var(--dye);
      }
      td:nth-child(2) {
        white-space: nowrap;
      }
      @media (max-width: 30rem) {
        :host {
          padding-inline: 0.75rem;
        }
        table {
          font-size: 0.8125rem;
        }
        th,
        td {
          padding-right: 0.375rem;
        }
        /* The row of digits above says the same, and the longest remainders need the room. */
        th:first-child,
        td:first-child {
          display: none;
        }
      }
      .end {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        min-height: 3.5rem;
        padding-top: 0.75rem;
      }
      .conclusion {
        font-size: var(--step-1);
        font-weight: 600;
        color: var(--dye);
        overflow-wrap: anywhere;
      }
      .conclusion.fails {
        color: var(--alarm);
      }
    `,
  ]

  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.shownSteps = 0
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('demonstration')) this.#play()
  }

  protected override firstUpdated(): void {
    this.#bringIntoView()
  }

  protected override updated(changed: PropertyValues<this>): void {
    const box = this.renderRoot.querySelector('.steps')
    if (box) box.scrollTop = box.scrollHeight
    const done = this.shownSteps === this.demonstration?.steps.length
    if (done && changed.has('shownSteps')) this.#bringIntoView()
  }

  override render() {
    const { demonstration, shownSteps } = this
    if (!demonstration) return nothing
    const { method, columns = words.columns, steps, conclusion, holds } = demonstration
    const done = shownSteps >= steps.length
    return html`
      <h4>${words.heading}</h4>
      <p class="small soft">${mathText(method)}.</p>
      <p class="marks" aria-hidden="true">
        ${steps.map(
          ({ mark }, i) =>
            html`<b class=${classMap({ read: i < shownSteps, now: !done && i === shownSteps - 1 })}
              >${mark}</b
            >`,
        )}
      </p>
      <div class="steps" tabindex="0" role="group" aria-label=${words.heading}>
        <table>
          <thead>
            <tr>
              ${columns.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${steps.slice(0, shownSteps).map(
              ({ mark, action, value }) =>
                html`<tr class=${mark === '1' ? 'one' : ''}>
                  <td>${mark}</td>
                  <td>${action}</td>
                  <td>${value}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="end">
        <p role="status" class=${holds ? 'conclusion' : 'conclusion fails'}>
          ${done ? mathText(conclusion) : nothing}
        </p>
        ${
          done
            ? html`<button class="quiet" @click=${this.#play}>${words.again}</button>`
            : html`<span class="small soft">${words.running(shownSteps, steps.length)}</span>
                <button class="quiet" @click=${this.#skip}>${words.skip}</button>`
        }
      </div>
    `
  }

  #bringIntoView(): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.scrollIntoView({ block: 'nearest', behavior: still ? 'instant' : 'smooth' })
  }

  #play = (): void => {
    clearTimeout(this.#timer)
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.shownSteps = still ? (this.demonstration?.steps.length ?? 0) : 0
    if (!still) this.#advance()
  }

  #advance = (): void => {
    const steps = this.demonstration?.steps.length ?? 0
    if (this.shownSteps >= steps) return
    this.shownSteps += 1
    this.#timer = setTimeout(this.#advance, WHOLE_MS / steps)
  }

  #skip = (): void => {
    clearTimeout(this.#timer)
    this.shownSteps = this.demonstration?.steps.length ?? 0
  }
}
customElements.define('weft-check', WeftCheck)
