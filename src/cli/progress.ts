import { statusLine, type Out } from './statusLine.ts'

/** A line of text that grows: redrawn in place on a terminal, a plain line now and then in a pipe. */
export interface Progress {
  /** @param share done so far, 0 to 1 */
  show(share: number, note: string): void
  /** Prints something above the bar. */
  say(text: string): void
  end(): void
}

const WIDTH = 28
const PLAIN_EVERY_MS = 5_000

export function terminalProgress(out: Out): Progress {
  const line = statusLine(out)
  let lastPlainAt = 0
  return {
    show(share, note) {
      const percent = Math.floor(share * 100)
      if (out.isTTY) {
        const full = Math.round(share * WIDTH)
        const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full)
        line.show(`${bar} ${String(percent).padStart(3)} %  ${note}`)
      } else if (Date.now() - lastPlainAt >= PLAIN_EVERY_MS || share === 1) {
        lastPlainAt = Date.now()
        line.say(`${percent} %  ${note}`)
      }
    },
    say: (text) => line.say(text),
    end: () => line.end(),
  }
}
