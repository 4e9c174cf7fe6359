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

export function terminalProgress(out: NodeJS.WriteStream): Progress {
  let shown = ''
  let lastPlainAt = 0
  const draw = (line: string): void => {
    if (out.isTTY) out.write(`\r\u001b[2K${line}`)
  }
  return {
    show(share, note) {
      const full = Math.round(share * WIDTH)
      shown = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(share * 100)
        .toString()
        .padStart(3)} %  ${note}`
      if (out.isTTY) draw(shown)
      else if (Date.now() - lastPlainAt >= PLAIN_EVERY_MS || share === 1) {
        lastPlainAt = Date.now()
        out.write(`${Math.floor(share * 100)} %  ${note}\n`)
      }
    },
    say(text) {
      draw('')
      out.write(`${text}\n`)
      draw(shown)
    },
    end() {
      if (out.isTTY) out.write('\n')
    },
  }
}
