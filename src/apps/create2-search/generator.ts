import type { GeneratedLine, Generator } from '../app.ts'
import type { Input } from './input.ts'
import { parseLine } from './parseLine.ts'
import { nextPractice } from './seed.ts'
import { TriedSalts } from './triedSalts.ts'

const LONGEST_LINE = 1_000
const APART = 'start where it ends, or keep the two apart with saltprefix=0x01'

/** Requests as lines of `name=value`; README.md has their form. */
export const generator: Generator<Input> = { parse, seeds: { practice: nextPractice } }

function* parse(text: string): Iterable<GeneratedLine<Input>> {
  const tried = new TriedSalts()
  let line = 0
  for (const written of text.split(/\r\n|\n|\r/)) {
    line++
    const content = written.trim()
    if (content === '' || /^(#|;|\/\/)/.test(content)) continue
    const made = parsed(content)
    const before = made.status === 'workunit' ? tried.add(made.input, line) : undefined
    yield before === undefined
      ? { line, ...made }
      : { line, ...refused(`line ${before} tries these salts already: ${APART}`) }
  }
}

function parsed(content: string) {
  if (content.length > LONGEST_LINE) {
    return refused(`this line is longer than ${LONGEST_LINE} characters`)
  }
  const strange = /[^ -~\t]/u.exec(content)?.[0]
  if (strange !== undefined) {
    const code = (strange.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return refused(`this line has the character U+${code}: save the file as plain text (UTF-8)`)
  }
  const request = parseLine(content)
  if (request.status === 'wrong') return refused(request.reason)
  return { status: 'workunit', ...request.value } as const
}

function refused(reason: string) {
  return { status: 'refused', reason } as const
}
