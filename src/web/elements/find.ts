import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import './check.ts'
import type { ShownApp } from '../controllers/appsController.ts'
import { mathText } from '../mathText.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { Demonstration, Fact } from '../../apps/app.ts'
import type { Find } from '../../client/snapshot.ts'

const words = text.finds
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

/** Tells the list that this find's check was opened or closed. */
export class CheckingEvent extends Event {
  static readonly type = 'weft-checking'
  readonly find: number
  readonly open: boolean
  constructor(find: number, open: boolean) {
    super(CheckingEvent.type, { bubbles: true, composed: true })
    this.find = find
    this.open = open
  }
}

/** One thing found, in plain words, with what proves it. */
export class WeftFind extends LitElement {
  static override properties = {
    find: { attribute: false },
    shown: { attribute: false },
    provisional: { type: Boolean },
    demonstration: { state: true },
    copying: { state: true },
  }
  declare find: Find | undefined
  declare shown: ShownApp | undefined
  /** Whether nobody audits results yet. */
  declare provisional: boolean
  declare demonstration: Demonstration | undefined
  /** The fact that was copied last, for a moment, and whether it was. */
  declare copying: { readonly name: string; readonly state: 'done' | 'refused' } | undefined

  static override styles = [
    shared,
    css`
      /* Every find takes the same room, so that a new one moves nothing. */
      :host {
        min-height: 16rem;
        padding: 1.125rem 0 1.25rem;
        border-top: 1px solid var(--rule);
      }
      @media (max-width: 56rem) {
        :host {
          min-height: 20rem;
        }
      }
      h3 {
        font-size: var(--step-2);
        font-weight: 420;
        line-height: 1.3;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
        text-wrap: pretty;
        /* Two lines, as some apps' sentences and facts take: what stands below them stays where it is. */
        min-height: 2.6em;
      }
      .marks {
        margin-bottom: 0.375rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      @media (max-width: 56rem) {
        .marks {
          min-height: 3em;
          white-space: normal;
        }
      }
      .refused {
        color: var(--alarm);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0.125rem 1.5rem;
        align-content: start;
        min-height: 3.25em;
        margin-top: 0.375rem;
      }
      dl div {
        display: flex;
        gap: 0.5rem;
        min-width: 0;
      }
      dt::after {
        content: ':';
      }
      dd {
        color: var(--ink);
        overflow-wrap: anywhere;
      }
      .copy {
        padding: 0.1rem 0.4rem;
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.2em;
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 0.625rem;
        margin-top: 0.875rem;
      }
      weft-check {
        margin-top: 1rem;
      }
    `,
  ]

  #copied: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.provisional = true
    this.copying = undefined
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#copied)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('find')
    if (before === undefined || before.id === this.find?.id) return
    // Another find stands here now: what was open belongs to the one before.
    this.demonstration = undefined
    this.copying = undefined
    clearTimeout(this.#copied)
  }

  override render() {
    const { find, shown } = this
    if (!find) return nothing
    const { workunit, output } = find
    const facts = shown?.view.facts?.(workunit.input, output) ?? []
    return html`
      <p class="marks small soft">
        ${shown ? html`${shown.app.title} · ` : nothing}${shown?.view.label(workunit.kind) ?? workunit.kind}
        ·
        <em class=${find.state}>${this.#standing(find)}</em>
      </p>
      <h3>${shown ? mathText(shown.view.tell(workunit.input, output)) : words.untold}</h3>
      <dl class="small soft">
        ${facts.slice(1).map(
          (fact) =>
            html`<div>
              <dt>${fact.name}</dt>
              <dd>${fact.value} ${this.#copyButton(fact, words.copyOne, 'copy')}</dd>
            </div>`,
        )}
        <div>
          <dt>${words.found}</dt>
          <dd>${clock.format(find.foundAt)}</dd>
        </div>
      </dl>
      <div class="acts">
        ${
          shown?.view.check
            ? html`<button
                class="quiet"
                aria-expanded=${this.demonstration ? 'true' : 'false'}
                @click=${this.#toggleCheck}
              >
                ${this.demonstration ? text.check.close : text.check.check}
              </button>`
            : nothing
        }
        ${facts[0] ? this.#copyButton(facts[0], words.copy(facts[0].name), 'quiet') : nothing}
      </div>
      ${
        this.demonstration
          ? html`<weft-check .demonstration=${this.demonstration}></weft-check>`
          : nothing
      }
    `
  }

  #standing({ state, why }: Find): string {
    if (why !== undefined) return `${words.states[state]}: ${text.refusedBecause[why]}`
    return state === 'final' && !this.provisional ? words.final : words.states[state]
  }

  /** @param label what it says before it was pressed; a listener hears the name of the fact besides */
  #copyButton(fact: Fact, label: string, kind: 'quiet' | 'copy') {
    const copied = this.copying?.name === fact.name ? this.copying.state : undefined
    const said = { done: words.copied, refused: words.notCopied }
    return html`<button
      class=${kind}
      aria-label=${copied ? said[copied] : words.copy(fact.name)}
      @click=${() => this.#copy(fact)}
    >
      <span aria-live="polite">${copied ? said[copied] : label}</span>
    </button>`
  }

  async #copy({ name, value }: Fact): Promise<void> {
    const id = this.find?.id
    // The browser or the person may refuse the clipboard; the digits are there to be selected by hand.
    const state = await navigator.clipboard.writeText(value).then(
      () => 'done' as const,
      () => 'refused' as const,
    )
    if (this.find?.id !== id) return
    this.copying = { name, state }
    clearTimeout(this.#copied)
    this.#copied = setTimeout(() => (this.copying = undefined), 2_000)
  }

  #toggleCheck = (): void => {
    const { find, shown } = this
    if (!find) return
    this.demonstration = this.demonstration
      ? undefined
      : shown?.view.check?.(find.workunit.input, find.output)
    this.dispatchEvent(new CheckingEvent(find.id, this.demonstration !== undefined))
  }
}
customElements.define('weft-find', WeftFind)
