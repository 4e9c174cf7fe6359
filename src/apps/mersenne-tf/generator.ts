import * as v from 'valibot'
import type { GeneratedLine, Generator } from '../app.ts'
import { BLOCK_LOG2 } from './blockLog2.ts'
import { inputSchema, type Input } from './input.ts'
import { seed } from './seed.ts'

/** Reads PrimeNet's `worktodo.txt`; README.md says which lines. */
export const generator: Generator<Input> = { parse, seed }

const HOW = 'write Factor=exponent,bit_lo,bit_hi or Factor=assignment-id,exponent,bit_lo,bit_hi'

function* parse(text: string): Iterable<GeneratedLine<Input>> {
  let line = 0
  for (const written of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    line++
    const content = written.trim()
    if (content === '' || /^(#|;|\/\/|\[)/.test(content)) continue
    yield { line, ...parseLine(content) }
  }
}

type ParsedLine = { status: 'workunit'; input: Input } | { status: 'refused'; reason: string }

function parseLine(content: string): ParsedLine {
  const assignment = /^([A-Za-z]+)\s*=(.*)$/.exec(content)
  const keyword = assignment?.[1]
  if (keyword === undefined) return refused(`this is no assignment: ${HOW}`)
  if (keyword.toLowerCase() !== 'factor') {
    return refused(`${keyword} is another kind of work; only trial factoring runs here: ${HOW}`)
  }
  const fields = (assignment?.[2] ?? '').split(',').map((field) => field.trim())
  if (fields.length < 3) return refused(`an exponent and two bit levels are needed: ${HOW}`)
  if (fields.length > 4) return refused(`there are more fields than Factor has: ${HOW}`)
  const id = fields.length === 4 ? fields[0] : undefined
  if (id !== undefined && !/^([0-9a-f]{32}|n\/a|)$/i.test(id)) {
    return refused('the assignment id must be 32 hex digits or N/A, or left out with its comma')
  }
  const numbers = fields.slice(-3)
  const unread = numbers.find((field) => !/^[0-9]{1,15}$/.test(field))
  if (unread !== undefined) return refused(`"${unread.slice(0, 40)}" is no whole number: ${HOW}`)
  const [exponent, bitLo, bitHi] = numbers.map(Number) as [number, number, number]
  const input = { exponent, bitLo, bitHi, blockLog2: BLOCK_LOG2 }
  const parsed = v.safeParse(inputSchema, input, { abortEarly: true })
  return parsed.success
    ? { status: 'workunit', input: parsed.output }
    : refused(parsed.issues[0].message)
}

function refused(reason: string): ParsedLine {
  return { status: 'refused', reason }
}
