/** As much of a terminal or a pipe as is written to. */
export type Out = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>

/** One line at the bottom of a terminal, redrawn in place, with whatever is said above it. A pipe gets only what is said. */
export interface StatusLine {
  show(text: string): void
  /**
   * @param text one line or more, without the last line's end
   * @param to where it goes, if not where all words go
   */
  say(text: string, to?: Out): void
  /** Leaves the line as it stands. */
  end(): void
}

/**
 * @param out where the line is drawn
 * @param words where what is said goes: elsewhere if it is the command's result
 */
export function statusLine(out: Out, words: Out = out): StatusLine {
  let shown = ''
  const draw = (text: string): void => {
    if (!out.isTTY) return
    // A line that wraps would be left behind, in part, by the next.
    const fitting = text.slice(0, (out.columns ?? 80) - 1)
    out.write(`\r\u001b[2K${fitting}`)
  }
  return {
    show(text) {
      shown = text
      draw(shown)
    },
    say(text, to = words) {
      draw('')
      to.write(`${text}\n`)
      draw(shown)
    },
    end() {
      if (out.isTTY && shown !== '') out.write('\n')
      shown = ''
    },
  }
}
