/** What a command says: its result on standard output, words about it on standard error. */
export interface Printer {
  /** Resolves when there is room for more: a slow reader is waited for. */
  readonly line: (text: string) => Promise<void>
  /** For people: advice, warnings, what goes on. */
  readonly note: (text: string) => void
  /** Names and values, one a line: aligned on a terminal, with a tab between them in a pipe. */
  readonly record: (rows: readonly (readonly [name: string, value: string])[]) => Promise<void>
  /** Rows of cells: aligned and under their heads on a terminal, with tabs and without heads in a pipe. */
  readonly table: (heads: readonly string[], rows: readonly (readonly string[])[]) => Promise<void>
  /** Digits, grouped where a person reads them. */
  readonly number: (value: number | bigint | string) => string
}

export function printer(
  out: NodeJS.WriteStream = process.stdout,
  err: NodeJS.WriteStream = process.stderr,
): Printer {
  const isTerminal = out.isTTY
  const line = (text: string) =>
    new Promise<void>((resolve, reject) => {
      out.write(`${text}\n`, (error) => (error ? reject(error) : resolve()))
    })
  const table: Printer['table'] = async (heads, rows) => {
    const said = rows.map((row) => row.map(plain))
    if (!isTerminal) {
      for (const row of said) await line(row.join('\t'))
      return
    }
    const all = heads.length === 0 ? said : [heads, ...said]
    const widths = all
      .reduce<number[]>(
        (most, row) => row.map((cell, i) => Math.max(cell.length, most[i] ?? 0)),
        [],
      )
      .map((width) => width + 2)
    for (const row of all) {
      await line(
        row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('')
          .trimEnd(),
      )
    }
  }
  return {
    line,
    note: (text) => void err.write(`${plain(text)}\n`),
    record: (rows) => table([], rows),
    table,
    number: (value) => (isTerminal ? BigInt(value).toLocaleString('en') : String(value)),
  }
}

/** Others' words must not steer the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}
