import type { GeneratedLine, Generator } from '../app.ts'
import type { Input } from './input.ts'
import { parseLine } from './parseLine.ts'
import { nextPractice } from './seed.ts'

const LONGEST_LINE = 1_000

/** Requests as lines of `name=value`; README.md has their form. */
export const generator: Generator<Input> = { parse, seeds: { practice: nextPractice } }

function* parse(text: string): Iterable<GeneratedLine<Input>> {
  let line = 0
  for (const written of text.split(/\r\n|\n|\r/)) {
    line++
    const content = written.trim()
    if (content === '' || /^(#|;|\/\/)/.test(content)) continue
    yield { line, ...parsed(content) }
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
