import { InvalidInputError } from '../../protocol/errors.ts'
import type { Policy, ReadPolicy } from '../app.ts'
import type { Input } from './input.ts'
import { KNOWN_ADDRESSES } from './knownAddresses.ts'
import { parseAddress } from './parseFields.ts'
import type { Pattern } from './pattern.ts'

/** People compare about so many digits at either end of an address, which is all that wallets show. */
const SHOWN = 4
/** Zeros are what gas savers pay for; that many other digits are no accident. */
const TELLING = 3

interface Protected {
  readonly name: string
  /** 40 digits. */
  readonly digits: string
}

/**
 * Refuses addresses made to be taken for others ("address poisoning": a scammer's address with the first and last digits of one that the
 * victim knows turns up in the victim's history, and is copied from there). Refused is what shares its first or its last four digits or more
 * with a protected address, and what fixes both ends, which only serves to look like some address.
 *
 * The operator's text lists more addresses to protect, one a line, `0x... name`; `#` begins a comment.
 */
export const readPolicy: ReadPolicy<Input> = (text): Policy<Input> => {
  const shielded = [
    ...KNOWN_ADDRESSES.map(([name, address]) => protect(name, address)),
    ...listed(text),
  ]
  return ({ share, target = share }) => {
    const digits = digitsOf(target)
    const alike = shielded.find((one) => looksLike(digits, one.digits))
    if (alike !== undefined) {
      return refused(
        `this looks like the address of ${alike.name}, 0x${alike.digits}: ask for other digits, at least in the first or last ${SHOWN}`,
      )
    }
    if (isTelling(run(digits)) && isTelling(run(digits.toReversed()))) {
      return refused(
        `digits at both ends make an address look like another one: fix fewer than ${SHOWN} digits at one end`,
      )
    }
    return { status: 'allowed' }
  }
}

function refused(reason: string) {
  return { status: 'refused', reason } as const
}

function protect(name: string, address: string): Protected {
  return { name, digits: address.slice(2).toLowerCase() }
}

function* listed(text: string): Iterable<Protected> {
  for (const [index, written] of text.split(/\r\n|\n|\r/).entries()) {
    const [address = '', ...words] = written.replace(/#.*/, '').trim().split(/\s+/)
    if (address === '') continue
    const parsed = parseAddress('address', address)
    if (parsed.status === 'wrong') throw new InvalidInputError(`line ${index + 1}`, parsed.reason)
    yield protect(words.join(' ') || 'a protected account', parsed.value)
  }
}

/** The 40 digits of every address that matches; undefined where it is not one and the same. */
function digitsOf({ mask, value }: Pattern): readonly (string | undefined)[] {
  return Array.from(mask.slice(2), (bits, i) => (bits === 'f' ? value[2 + i] : undefined))
}

function looksLike(digits: readonly (string | undefined)[], other: string): boolean {
  const theirs = Array.from(other)
  return (
    isTelling(common(digits, theirs)) || isTelling(common(digits.toReversed(), theirs.toReversed()))
  )
}

/** How far the two agree from the first digit on. */
function common(digits: readonly (string | undefined)[], other: readonly string[]): string[] {
  const differs = digits.findIndex((digit, i) => digit !== other[i])
  return other.slice(0, differs < 0 ? other.length : differs)
}

/** The digits that are fixed from the first one on. */
function run(digits: readonly (string | undefined)[]): string[] {
  const free = digits.indexOf(undefined)
  return digits.slice(0, free < 0 ? digits.length : free).filter((digit) => digit !== undefined)
}

function isTelling(digits: readonly string[]): boolean {
  return digits.length >= SHOWN && digits.filter((digit) => digit !== '0').length >= TELLING
}
