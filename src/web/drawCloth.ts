import type { Stitch } from '../client/snapshot.ts'
import type { Cloth } from './layCloth.ts'

/** Colours as CSS has them. */
export interface Dyes {
  /** Warp threads that nothing has been woven into yet. */
  readonly warp: string
  /** Warp threads where they float over the weft. */
  readonly float: string
  readonly states: Record<Stitch['state'], string>
}

/** From one warp thread to the next, CSS px. */
export const COLUMN = 12
/** From one line to the next, CSS px. */
export const LINE = 10

const BARE = 2
const WARP = 5
const WEFT = 8
const SUNK = 6

/**
 * Draws the cloth in plain weave: at every crossing either the weft floats over the warp or dips under it, in turn.
 * @param context scaled so that one unit is one CSS px
 */
export function drawCloth(
  context: CanvasRenderingContext2D,
  cloth: Cloth,
  columns: number,
  lines: number,
  dyes: Dyes,
): void {
  context.clearRect(0, 0, columns * COLUMN, lines * LINE)
  context.fillStyle = dyes.warp
  for (let column = 0; column < columns; column++) {
    context.fillRect(column * COLUMN + (COLUMN - BARE) / 2, 0, BARE, lines * LINE)
  }

  for (const { stitch, line, column, span } of cloth.laid) {
    const middle = line * LINE + LINE / 2
    context.fillStyle = dyes.states[stitch.state]
    context.fillRect(column * COLUMN + 0.5, middle - SUNK / 2, span * COLUMN - 1, SUNK)
    for (let at = column; at < column + span; at++) {
      if (weftFloats(at, line))
        thread(context, at * COLUMN + 0.5, middle - WEFT / 2, COLUMN - 1, WEFT)
    }
  }

  // Warp floats reach into the lines above and below, so they come last.
  context.fillStyle = dyes.float
  for (const { line, column, span } of cloth.laid) {
    for (let at = column; at < column + span; at++) {
      if (weftFloats(at, line)) continue
      thread(context, at * COLUMN + (COLUMN - WARP) / 2, line * LINE - 0.5, WARP, LINE + 1)
    }
  }
}

function weftFloats(column: number, line: number): boolean {
  return (column + line) % 2 === 0
}

function thread(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  context.beginPath()
  context.roundRect(x, y, width, height, Math.min(width, height) / 2.5)
  context.fill()
}
