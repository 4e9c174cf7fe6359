import { css, html, LitElement, nothing } from 'lit'
import type { CheckingEvent } from './find.ts'
import './find.ts'
import { AppsController } from '../controllers/appsController.ts'
import { mathText } from '../mathText.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { Find } from '../../client/snapshot.ts'

/** As many as fit beside the terms they take the place of. */
const FEW = 2
const ANNOUNCE_MS = 10_000
const words = text.finds

/** What this visit has found, newest first. */
export class WeftFinds extends LitElement {
  static override properties = {
    finds: { attribute: false },
    provisional: { type: Boolean },
    all: { state: true },
    announced: { state: true },
    held: { state: true },
  }
  declare finds: readonly Find[]
  declare provisional: boolean
  declare all: boolean
  declare announced: string
  /** While a check is open: how many finds are listed. Newer ones wait, so that nothing moves under the reader. */
  declare held: number | undefined

  static override styles = [
    shared,
    css`
      /* Where there is room beside the controls, that of the first find is kept, so that it moves nothing when it comes. */
      @media (min-width: 56.0625rem) {
        :host {
          min-height: 19.5rem;
        }
      }
      .none {
        padding: 1rem 0;
        border-block: 1px solid var(--rule);
      }
      .more,
      .newer {
        padding: 0.75rem 0;
        border-top: 1px solid var(--rule);
      }
    `,
  ]

  readonly #apps = new AppsController(this)
  readonly #checking = new Set<number>()
  #announcedAt = 0
  #announcedFind: number | undefined

  constructor() {
    super()
    this.finds = []
    this.provisional = true
    this.all = false
    this.announced = ''
  }

  protected override willUpdate(): void {
    this.#announce()
  }

  override render() {
    const newest = this.finds.slice(0, this.held).toReversed()
    const waiting = this.finds.length - newest.length
    const listed = this.all ? newest : newest.slice(0, FEW)
    return html`
      <p class="unseen" role="status">${mathText(this.announced)}</p>
      ${newest.length === 0 ? html`<p class="none soft">${words.none}</p>` : nothing}
      ${
        waiting > 0
          ? html`<p class="newer">
              <button class="quiet" @click=${this.#showNewer}>${words.showNewer(waiting)}</button>
            </p>`
          : nothing
      }
      ${
        // By place, not by find: what is new is written where the last one stood, and nothing jumps.
        listed.map(
          (find) =>
            html`<weft-find
              .find=${find}
              .shown=${this.#apps.of(find.workunit)}
              .provisional=${this.provisional}
              @weft-checking=${this.#checked}
            ></weft-find>`,
        )
      }
      ${
        newest.length > FEW
          ? html`<p class="more">
              <button
                class="quiet"
                aria-expanded=${this.all ? 'true' : 'false'}
                @click=${this.#toggle}
              >
                ${this.all ? words.showFew : words.showAll(newest.length)}
              </button>
            </p>`
          : nothing
      }
    `
  }

  /** Practice finds come every few seconds: a listener hears the latest of them now and then, not every one. */
  #announce(): void {
    const latest = this.finds.at(-1)
    const shown = latest && this.#apps.of(latest.workunit)
    if (!latest || !shown || latest.id === this.#announcedFind) return
    if (Date.now() - this.#announcedAt < ANNOUNCE_MS) return
    this.#announcedFind = latest.id
    this.#announcedAt = Date.now()
    this.announced = words.announce(shown.view.tell(latest.workunit.input, latest.output))
  }

  #checked = ({ find, open }: CheckingEvent): void => {
    if (open) this.#checking.add(find)
    else this.#checking.delete(find)
    this.held = this.#checking.size > 0 ? (this.held ?? this.finds.length) : undefined
  }

  #showNewer = (): void => {
    this.#checking.clear()
    this.held = undefined
  }

  #toggle = (): void => {
    this.all = !this.all
    // A check that is no longer listed holds nothing back.
    if (!this.all) this.#showNewer()
  }
}
customElements.define('weft-finds', WeftFinds)
