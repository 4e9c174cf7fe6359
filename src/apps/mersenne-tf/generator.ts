import * as v from 'valibot'
import type { GeneratedLine, Generator } from '../app.ts'
import { BLOCK_LOG2 } from './blockLog2.ts'
import { inputSchema, type Input } from './input.ts'
import { seed } from './seed.ts'

/** Reads PrimeNet's `worktodo.txt`; README.md says which lines. */
export const generator: Generator<Input> = {
  parse,
  seeds: {
    practice: (previous) => seed('practice', previous),
    frontier: (previous) => seed('frontier', previous),
  },
}

const HOW = 'write Factor=exponent,bit_lo,bit_hi or Factor=assignment-id,exponent,bit_lo,bit_hi'
/** Far above any line of PrimeNet, known factors and all: what is longer is another kind of file, and is not looked at. */
const MAX_LINE_CHARS = 1_000
const NAMES = ['exponent', 'lower bit level', 'upper bit level']
const KNOWN_FACTORS = /^" *[0-9]+ *(, *[0-9]+ *)*" *$/

function* parse(text: string): Iterable<GeneratedLine<Input>> {
  let line = 0
  for (const written of linesOf(text)) {
    line++
    // Trims a byte order mark too.
    const content = written.trim()
    if (content === '' || /^(#|;|\/\/|\[)/.test(content)) continue
    yield { line, ...parseLine(content) }
  }
}

function* linesOf(text: string): Iterable<string> {
  let start = 0
  for (const end of text.matchAll(/\r\n|\n|\r/g)) {
    yield text.slice(start, end.index)
    start = end.index + end[0].length
  }
  yield text.slice(start)
}

type ParsedLine =
  { status: 'workunit'; input: Input; key: string | null } | { status: 'refused'; reason: string }

function parseLine(written: string): ParsedLine {
  if (written.length > MAX_LINE_CHARS) {
    return refused(
      `this line has ${written.length} characters, and none may have more than ${MAX_LINE_CHARS}: ${HOW}`,
    )
  }
  const content = written.replace(/\s/g, ' ')
  const strange = /[^ -~]/u.exec(content)?.[0]
  if (strange !== undefined) {
    return refused(
      `this line has the character ${codeOf(strange)}: save the file as plain text (UTF-8), and ${HOW}`,
    )
  }
  const equals = content.indexOf('=')
  const keyword = content.slice(0, equals).trim()
  if (equals < 0 || !/^[A-Za-z]{1,20}$/.test(keyword)) {
    return refused(`this is no assignment: ${HOW}`)
  }
  if (keyword.toLowerCase() !== 'factor') {
    return refused(`${keyword} is another kind of work; only trial factoring runs here: ${HOW}`)
  }
  const value = content.slice(equals + 1)
  const quote = value.indexOf('"')
  if (quote < 0) return parseFields(value)
  const before = value.slice(0, quote).trim()
  if (!before.endsWith(',') || !KNOWN_FACTORS.test(value.slice(quote))) {
    return refused(
      'known factors stand last, in decimal and quotes: write Factor=exponent,bit_lo,bit_hi,"factor,factor" or leave them out',
    )
  }
  return parseFields(before.slice(0, -1))
}

/** @param value what stands between `Factor=` and the known factors */
function parseFields(value: string): ParsedLine {
  const fields = value.split(',').map((field) => field.trim())
  if (fields.length > 1 && fields.at(-1) === '') {
    return refused(`this line ends with a comma: take it away, and ${HOW}`)
  }
  if (fields.length < 3) return refused(`an exponent and two bit levels are needed: ${HOW}`)
  if (fields.length > 4) return refused(`there are more fields than Factor has: ${HOW}`)
  const id = (fields.length === 4 && fields[0]) || 'N/A'
  if (!/^([0-9a-f]{32}|n\/a)$/i.test(id)) {
    return refused('the assignment id must be 32 hex digits or N/A, or left out with its comma')
  }
  const numbers = fields.slice(-3)
  const unread = numbers.findIndex((field) => !/^[0-9]+$/.test(field))
  if (unread >= 0) {
    return refused(
      `the ${NAMES[unread]} "${numbers[unread]?.slice(0, 40)}" is no whole number: write its digits only, as in Factor=100000007,50,52`,
    )
  }
  const [exponent, bitLo, bitHi] = numbers.map(Number) as [number, number, number]
  const input = { exponent, bitLo, bitHi, blockLog2: BLOCK_LOG2 }
  const parsed = v.safeParse(inputSchema, input, { abortEarly: true })
  if (!parsed.success) return refused(parsed.issues[0].message)
  return { status: 'workunit', input: parsed.output, key: id.length === 32 ? id : null }
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function refused(reason: string): ParsedLine {
  return { status: 'refused', reason }
}
