import { css, html, LitElement } from 'lit'
import './backend.ts'
import './choice.ts'
import './cloth.ts'
import './control.ts'
import './details.ts'
import './figures.ts'
import './finds.ts'
import './footer.ts'
import './governor.ts'
import './terms.ts'
import { AppsController, type ShownApp } from '../controllers/appsController.ts'
import { ContributorController } from '../controllers/contributorController.ts'
import { missingParts } from '../missingParts.ts'
import { isOn } from '../sentenceOf.ts'
import { graphicsSentence } from '../graphicsSentence.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import type { BackendEvent } from './backend.ts'
import type { ChoiceEvent } from './choice.ts'
import type { ConsentEvent } from './control.ts'
import type { ShareEvent } from './governor.ts'
import { mark } from './mark.ts'
import type { Snapshot } from '../../client/snapshot.ts'
import type { TaskWorkunit } from '../../protocol/messages.ts'

/** The contribute page. */
export class WeftContribute extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        max-width: 74rem;
        margin: 0 auto;
        padding: 0 var(--edge);
      }
      header {
        display: flex;
        align-items: center;
        gap: 0.625rem;
        padding: 1.25rem 0;
        border-bottom: 2px dashed var(--warp);
      }
      header svg {
        display: block;
      }
      .brand {
        font-size: 1.5rem;
        font-weight: 620;
        letter-spacing: -0.015em;
        line-height: 1;
      }
      h1 {
        max-width: 44ch;
        margin: clamp(1.5rem, 4vw, 3.5rem) 0 clamp(1.5rem, 4vw, 3.25rem);
        font-size: var(--step-4);
        font-weight: 380;
        line-height: 1.08;
        letter-spacing: -0.022em;
        text-wrap: balance;
      }
      .page {
        display: grid;
        grid-template-columns: 20rem minmax(0, 1fr);
        column-gap: clamp(2.5rem, 6vw, 5.5rem);
      }
      /* Stop stays in sight however far one reads; where it is narrow, the control is a bar at the bottom by itself. */
      @media (min-width: 56.0625rem) {
        weft-control {
          position: sticky;
          top: 0;
          z-index: 1;
          padding-top: 1rem;
          margin-top: -1rem;
          background: var(--paper);
        }
      }
      weft-choice {
        margin-top: 1.25rem;
      }
      weft-governor {
        margin-top: 1.25rem;
      }
      weft-backend {
        margin-top: 0.75rem;
      }
      weft-details {
        display: block;
        margin-top: 1.5rem;
      }
      section {
        margin-bottom: calc(var(--gap) * 1.5);
      }
      h2 {
        margin-bottom: 0.75rem;
      }
      /* Both always take their place, so that the press moves nothing. */
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        min-height: 40rem;
        align-items: start;
      }
      .stack > * {
        grid-area: 1 / 1;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto 1fr;
      }
      .stack > [inert] {
        visibility: hidden;
      }
      @media (max-width: 56rem) {
        :host {
          /* What the fixed bar covers. */
          --clearance: 9.5rem;
          padding-bottom: calc(10rem + env(safe-area-inset-bottom));
        }
        .page {
          display: flex;
          flex-direction: column;
        }
        /* What was found comes before the details of what runs. */
        aside {
          display: contents;
        }
        weft-details {
          order: 1;
          margin: 0 0 2rem;
        }
        weft-choice {
          margin: 0 0 1.25rem;
        }
        weft-governor {
          margin: 0;
        }
        weft-backend {
          margin: 0.75rem 0 2rem;
        }
      }
    `,
  ]

  readonly #contributor = new ContributorController(this)
  readonly #apps = new AppsController(this)
  readonly #missing = missingParts(globalThis)
  #tick: ReturnType<typeof setTimeout> | undefined
  #latest: TaskWorkunit | undefined
  /** The app whose code runs, or ran last. */
  #shown: ShownApp | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#tick)
  }

  override render() {
    const { engine, share, preference, apps } = this.#contributor
    const snapshot = engine.state === 'loaded' ? engine.snapshot : undefined
    // A workunit may be done before the words of its app are there.
    this.#latest = snapshot?.workunits[0] ?? this.#latest
    if (this.#latest) this.#shown = this.#apps.of(this.#latest) ?? this.#shown
    const working = isOn(engine) && snapshot?.phase.state !== 'idle'
    const provisional = snapshot?.trust === 'none'
    return html`
      <header>${mark}<span class="brand">${text.brand}</span></header>
      <main>
        <h1>${text.headline}</h1>
        <div class="page">
          <aside>
            <weft-control
              .engine=${engine}
              .missing=${this.#missing}
              @weft-consent=${this.#consented}
            ></weft-control>
            <weft-choice
              .chosen=${apps}
              @weft-choice=${(event: ChoiceEvent) => this.#contributor.setApps(event.apps)}
            ></weft-choice>
            <weft-governor
              .share=${share}
              .preference=${preference}
              .snapshot=${working ? snapshot : undefined}
              @weft-share=${(event: ShareEvent) => this.#contributor.setShare(event.share)}
            ></weft-governor>
            <weft-backend
              .preference=${preference}
              .said=${working ? graphicsOf(snapshot) : ''}
              @weft-backend=${(event: BackendEvent) =>
                this.#contributor.setBackend(event.preference)}
            ></weft-backend>
            <weft-details .snapshot=${snapshot} .shown=${this.#shown}></weft-details>
          </aside>
          <div class="main">
            <section class="stack">
              <div ?inert=${snapshot !== undefined}>
                <h2>${text.termsHeading}</h2>
                <weft-terms .chosen=${apps}></weft-terms>
              </div>
              <div ?inert=${snapshot === undefined}>
                <h2>${text.figuresHeading}</h2>
                <weft-figures .snapshot=${snapshot}></weft-figures>
                <h2>${text.finds.heading}</h2>
                <weft-finds
                  .finds=${snapshot?.finds ?? NONE}
                  .provisional=${provisional}
                ></weft-finds>
              </div>
            </section>
            <section>
              <h2>${text.cloth.heading}</h2>
              <weft-cloth .stitches=${snapshot?.stitches ?? NONE}></weft-cloth>
            </section>
          </div>
        </div>
      </main>
      <footer><weft-footer></weft-footer></footer>
    `
  }

  protected override updated(): void {
    const { engine } = this.#contributor
    const phase = engine.state === 'loaded' ? engine.snapshot.phase : undefined
    document.title = titleOf(phase)
    // A waiting engine says nothing for seconds, yet the page counts them down.
    clearTimeout(this.#tick)
    if (phase?.state === 'idle') this.#tick = setTimeout(() => this.requestUpdate(), 1_000)
  }

  #consented = (event: ConsentEvent): void => {
    void (event.yes ? this.#contributor.start() : this.#contributor.stop())
  }
}

const NONE: readonly never[] = []

function titleOf(phase: Snapshot['phase'] | undefined): string {
  if (!phase || phase.state === 'stopped') return text.title.stopped
  return phase.state === 'idle' ? text.title.idle : text.title.running
}

function graphicsOf(snapshot: Snapshot | undefined): string {
  if (snapshot === undefined) return ''
  return text.backend.said(graphicsSentence(snapshot, navigator.hardwareConcurrency || 1))
}
customElements.define('weft-contribute', WeftContribute)
