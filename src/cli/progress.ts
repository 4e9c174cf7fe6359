import { statusLine, type Out } from './statusLine.ts'

/** A line of text that grows: redrawn in place on a terminal, a plain line now and then in a pipe. */
export interface Progress {
  /** @param share done so far, 0 to 1 */
  show(share: number, note: string): void
  /** Prints something above the bar. @param to where, if not where all words go */
  say(text: string, to?: Out): void
  end(): void
}

const WIDTH = 28
const PLAIN_EVERY_MS = 5_000

/**
 * @param out where the bar is drawn
 * @param words where what is said goes: elsewhere if it is the command's result
 */
export function terminalProgress(out: Out, words: Out = out): Progress {
  const line = statusLine(out, words)
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
        line.say(`${percent} %  ${note}`, out)
      }
    },
    say: (text, to) => line.say(text, to),
    end: () => line.end(),
  }
}
