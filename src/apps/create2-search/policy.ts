import { InvalidInputError } from '../../protocol/errors.ts'
import type { Policy, ReadPolicy } from '../app.ts'
import type { Input } from './input.ts'
import { KNOWN_ADDRESSES } from './knownAddresses.ts'
import { parseAddress } from './parseFields.ts'
import type { Pattern } from './pattern.ts'

/**
 * People compare about four digits at either end of an address, which is what wallets show. Nearly all bits of these, or most bits of two more digits:
 * so one bit or one digit that is left open helps nobody who takes it from the results afterwards.
 */
const WINDOWS = [
  { digits: 4, bits: 15 },
  { digits: 6, bits: 18 },
] as const
/** Zeros are what gas savers pay for; so many other digits are no accident. */
const TELLING = 3

/**
 * Refuses addresses made to be taken for others ("address poisoning": a scammer's address with the first and last digits of one that the
 * victim knows turns up in the victim's history, and is copied from there). Refused is what agrees with the first or the last digits of a
 * protected address, and what fixes the digits of both ends, which only serves to look like some address.
 *
 * The operator's text lists more addresses to protect, one a line, `0x... name`; `#` begins a comment.
 */
export const readPolicy: ReadPolicy<Input> = (text): Policy<Input> => {
  const shielded = [
    ...KNOWN_ADDRESSES.map(([name, address]) => protect(name, address)),
    ...listed(text),
  ]
  return ({ share, target = share }) => {
    const ends = endsOf(target)
    const alike = shielded.find(({ digits }) =>
      ends.some((end, i) => looksLike(end, i === 0 ? digits : digits.toReversed())),
    )
    if (alike !== undefined) {
      return refused(
        `this looks like the address of ${alike.name}, ${alike.address}: ask for other digits at that end`,
      )
    }
    if (ends.every((end) => isFixed(end))) {
      return refused(
        'digits at both ends make an address look like another one: leave those at one end open',
      )
    }
    return { status: 'allowed' }
  }
}

function refused(reason: string) {
  return { status: 'refused', reason } as const
}

interface Protected {
  readonly name: string
  readonly address: string
  /** Its 40 digits. */
  readonly digits: readonly number[]
}

function protect(name: string, address: string): Protected {
  return { name, address, digits: digitsIn(address) }
}

function* listed(text: string): Iterable<Protected> {
  for (const [index, written] of text.split(/\r\n|\n|\r/).entries()) {
    const [address = '', ...words] = written.replace(/#.*/, '').trim().split(/\s+/)
    if (address === '') continue
    const parsed = parseAddress('address', address)
    if (parsed.status === 'wrong') throw new InvalidInputError(`line ${index + 1}`, parsed.reason)
    yield protect(words.join(' ') || 'a protected account', address)
  }
}

/** What a pattern asks of one digit. */
interface DigitPattern {
  readonly mask: number
  readonly value: number
}

/** The digits from the first on, and from the last. */
function endsOf({ mask, value }: Pattern): readonly (readonly DigitPattern[])[] {
  const values = digitsIn(value)
  const digits = digitsIn(mask).map((bits, i) => ({ mask: bits, value: values[i] ?? 0 }))
  return [digits, digits.toReversed()]
}

function digitsIn(hex: string): readonly number[] {
  return Array.from(hex.slice(2), (digit) => Number.parseInt(digit, 16))
}

/** Whether nothing that is asked of the outer digits contradicts the other address, and enough is. */
function looksLike(end: readonly DigitPattern[], other: readonly number[]): boolean {
  return WINDOWS.some(({ digits, bits }) => {
    const outer = end.slice(0, digits)
    const agrees = outer.every(({ mask, value }, i) => ((other[i] ?? 0) & mask) === value)
    const told = outer.filter(({ mask }, i) => mask !== 0 && other[i] !== 0)
    return agrees && fixedBits(outer) >= bits && told.length >= TELLING
  })
}

function isFixed(end: readonly DigitPattern[]): boolean {
  const [{ digits, bits }] = WINDOWS
  const outer = end.slice(0, digits)
  return fixedBits(outer) >= bits && outer.filter(({ value }) => value !== 0).length >= TELLING
}

function fixedBits(digits: readonly DigitPattern[]): number {
  return digits.reduce((sum, { mask }) => sum + mask.toString(2).replaceAll('0', '').length, 0)
}
