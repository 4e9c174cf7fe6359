import { css, html, LitElement, type PropertyValues } from 'lit'
import { COLUMN, drawCloth, LINE, type Dyes } from '../drawCloth.ts'
import { formatCount } from '../formatNumber.ts'
import { layCloth, type Cloth } from '../layCloth.ts'
import { shared } from '../styles/shared.ts'
import { text } from '../text.ts'
import { sliceRange } from '../../protocol/slice.ts'
import type { Stitch } from '../../client/snapshot.ts'

const STATES = ['computing', 'computed', 'reported', 'final', 'refused'] as const
const REDRAW_MS = 100

/** The cloth that this visit has woven: the real stitches, and nothing between them. */
export class WeftCloth extends LitElement {
  static override properties = {
    stitches: { attribute: false },
    pointed: { state: true },
    summary: { state: true },
  }
  declare stitches: readonly Stitch[]
  declare pointed: Stitch | undefined
  declare summary: string

  static override styles = [
    shared,
    css`
      canvas {
        display: block;
        width: 100%;
        height: 15rem;
      }
      figcaption {
        display: grid;
        gap: 0.35rem;
        margin-top: 0.75rem;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      i {
        width: 0.75rem;
        height: 0.5rem;
        border-radius: 3px;
        background: var(--dye-of-state);
      }
      .computing {
        --dye-of-state: var(--stitch-computing);
      }
      .computed {
        --dye-of-state: var(--stitch-computed);
      }
      .reported {
        --dye-of-state: var(--stitch-reported);
      }
      .final {
        --dye-of-state: var(--stitch-final);
      }
      .refused {
        --dye-of-state: var(--stitch-refused);
      }
      .pointed {
        min-height: 1.5em;
      }
      @media (max-width: 56rem) {
        canvas {
          height: 12rem;
        }
      }
    `,
  ]

  #cloth: Cloth = { laid: [], lines: 0, workunits: 0 }
  #resized = new ResizeObserver(() => this.#draw())
  #scheme = matchMedia('(prefers-color-scheme: dark)')
  #redraw: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.stitches = []
    this.summary = text.cloth.empty
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#resized.observe(this)
    this.#scheme.addEventListener('change', this.#draw)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#resized.disconnect()
    this.#scheme.removeEventListener('change', this.#draw)
    clearTimeout(this.#redraw)
    this.#redraw = undefined
  }

  override render() {
    const counts = countByState(this.stitches)
    return html`<figure>
      <canvas
        role="img"
        aria-label=${this.summary}
        @pointermove=${this.#point}
        @pointerdown=${this.#point}
        @pointerleave=${this.#leave}
      ></canvas>
      <figcaption class="small soft">
        <ul>
          ${STATES.map(
            (state) =>
              html`<li>
                <i class=${state}></i>${text.cloth.states[state]} ${formatCount(counts[state])}
              </li>`,
          )}
        </ul>
        <p class="pointed" aria-hidden="true">
          ${this.pointed ? describeStitch(this.pointed) : text.cloth.about}
        </p>
      </figcaption>
    </figure>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('stitches')) return
    // Stitches may change many times a second; people see ten.
    this.#redraw ??= setTimeout(this.#draw, REDRAW_MS)
  }

  #draw = (): void => {
    this.#redraw = undefined
    const canvas = this.renderRoot.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const { clientWidth: width, clientHeight: height } = canvas
    const columns = Math.floor(width / COLUMN)
    const lines = Math.floor(height / LINE)
    this.#cloth = layCloth(this.stitches, columns, lines)
    this.summary = summarise(this.stitches, this.#cloth)
    canvas.width = Math.round(width * devicePixelRatio)
    canvas.height = Math.round(height * devicePixelRatio)
    context.scale(devicePixelRatio, devicePixelRatio)
    drawCloth(context, this.#cloth, columns, lines, this.#dyes())
  }

  #dyes(): Dyes {
    const style = getComputedStyle(this)
    const dye = (name: string) => style.getPropertyValue(name).trim()
    return {
      warp: dye('--warp'),
      float: dye('--warp-float'),
      states: {
        computing: dye('--stitch-computing'),
        computed: dye('--stitch-computed'),
        reported: dye('--stitch-reported'),
        final: dye('--stitch-final'),
        refused: dye('--stitch-refused'),
      },
    }
  }

  #point = (event: PointerEvent): void => {
    const column = Math.floor(event.offsetX / COLUMN)
    const line = Math.floor(event.offsetY / LINE)
    this.pointed = this.#cloth.laid.find(
      (place) =>
        place.line === line && place.column <= column && column < place.column + place.span,
    )?.stitch
  }

  #leave = (): void => {
    this.pointed = undefined
  }
}

function countByState(stitches: readonly Stitch[]): Record<Stitch['state'], number> {
  const counts = { computing: 0, computed: 0, reported: 0, final: 0, refused: 0 }
  for (const { state } of stitches) counts[state]++
  return counts
}

function summarise(stitches: readonly Stitch[], cloth: Cloth): string {
  if (stitches.length === 0) return text.cloth.empty
  const counts = countByState(stitches)
  const states = STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${text.cloth.states[state]}`)
    .join(', ')
  return text.cloth.summary(stitches.length, cloth.workunits, states)
}

function describeStitch({ workunit, slice, state, why }: Stitch): string {
  const { start, end } = sliceRange(slice)
  const items = text.cloth.items(formatCount(start), formatCount(end - 1))
  const said = text.cloth.states[state]
  const reason = why === undefined ? '' : `, ${text.refusedBecause[why]}`
  return text.cloth.stitch(workunit.id, items, said + reason)
}
customElements.define('weft-cloth', WeftCloth)
