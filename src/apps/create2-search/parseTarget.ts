import { parseByteCount, parseBytes, read, wrong, type Parsed } from './parseFields.ts'
import { ADDRESS_BYTES, both, leadingZeros, type Pattern } from './pattern.ts'
import type { RankBy } from './rank.ts'

export interface Target {
  readonly pattern: Pattern
  /** Zero bytes anywhere where those are what was asked for, else at the beginning. */
  readonly rank: RankBy
}

const ANY: Pattern = { mask: padded('0x'), value: padded('0x'), zeroBytes: 0 }
const WHICH =
  'say what addresses are wanted: leading=4, zeros=6, prefix=0xc0ffee, or mask=0x... with value=0x...'

/** What a line asks of addresses; conditions add up. @param fields by name, names in lower case */
export function parseTarget(fields: ReadonlyMap<string, string>): Parsed<Target> {
  const wanted: Pattern[] = []
  for (const [name, parse] of Object.entries(CONDITIONS)) {
    const text = fields.get(name)
    if (text === undefined) continue
    const parsed = parse(text)
    if (parsed.status === 'wrong') return parsed
    wanted.push(parsed.value)
  }
  const masked = parseMask(fields.get('mask'), fields.get('value'))
  if (masked?.status === 'wrong') return masked
  if (masked !== undefined) wanted.push(masked.value)
  if (wanted.length === 0) return wrong(WHICH)
  let pattern: Pattern | undefined = ANY
  for (const one of wanted) {
    pattern = both(pattern, one)
    if (pattern === undefined) {
      return wrong('no address is as this line asks: two of its conditions contradict each other')
    }
  }
  if (BigInt(pattern.mask) === 0n && pattern.zeroBytes === 0) return wrong(WHICH)
  return read({ pattern, rank: fields.has('zeros') ? 'total' : 'leading' })
}

const CONDITIONS: Readonly<Record<string, (text: string) => Parsed<Pattern>>> = {
  leading(text) {
    const count = parseByteCount('leading', text)
    return count.status === 'wrong' ? count : read(leadingZeros(count.value))
  },
  zeros(text) {
    const count = parseByteCount('zeros', text)
    return count.status === 'wrong' ? count : read({ ...ANY, zeroBytes: count.value })
  },
  prefix(text) {
    const digits = /^0x([0-9a-f]{1,40})$/i.exec(text)?.[1]?.toLowerCase()
    if (digits === undefined) return wrong('the prefix must be 0x and 1 to 40 hex digits')
    const mask = padded(`0x${'f'.repeat(digits.length)}`)
    return read({ mask, value: padded(`0x${digits}`), zeroBytes: 0 })
  },
}

function parseMask(
  mask: string | undefined,
  value: string | undefined,
): Parsed<Pattern> | undefined {
  if (mask === undefined && value === undefined) return undefined
  if (mask === undefined || value === undefined) {
    return wrong('mask and value belong together: give both')
  }
  const length = { least: ADDRESS_BYTES, most: ADDRESS_BYTES }
  const readMask = parseBytes('mask', mask, length)
  if (readMask.status === 'wrong') return readMask
  const readValue = parseBytes('value', value, length)
  if (readValue.status === 'wrong') return readValue
  if ((BigInt(readValue.value) & ~BigInt(readMask.value)) !== 0n) {
    return wrong('the value has bits where the mask has none: no address can have them')
  }
  return read({ mask: readMask.value, value: readValue.value, zeroBytes: 0 })
}

function padded(hex: string): string {
  return hex.padEnd(2 + 2 * ADDRESS_BYTES, '0')
}
