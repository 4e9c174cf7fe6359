import { checksummed } from './create2.ts'

/** What a field of a line says, or what is wrong with it. */
export type Parsed<Value> =
  | { readonly status: 'read'; readonly value: Value }
  | { readonly status: 'wrong'; readonly reason: string }

export function read<Value>(value: Value): Parsed<Value> {
  return { status: 'read', value }
}

export function wrong(reason: string): { readonly status: 'wrong'; readonly reason: string } {
  return { status: 'wrong', reason }
}

/** An address; where its letters have both cases, they must be the checksum's (EIP-55). @returns lower-case hex */
export function parseAddress(name: string, text: string): Parsed<string> {
  const bytes = parseBytes(name, text, { least: 20, most: 20 })
  if (bytes.status === 'wrong') return bytes
  const letters = text.slice(2).replaceAll(/[0-9]/g, '')
  const mixed = letters !== letters.toLowerCase() && letters !== letters.toUpperCase()
  if (mixed && text !== checksummed(text)) {
    return wrong(
      `the ${name} has a typing error: the case of its letters is its checksum (EIP-55), and does not fit`,
    )
  }
  return bytes
}

/** Whole bytes in hex. @returns lower-case hex */
export function parseBytes(
  name: string,
  text: string,
  { least, most }: { least: number; most: number },
): Parsed<string> {
  const expected = least === most ? `${least} bytes` : `${least} to ${most} bytes`
  if (!/^0x([0-9a-f]{2})*$/i.test(text)) {
    return wrong(`the ${name} must be 0x and two hex digits a byte: ${expected} of them`)
  }
  const bytes = (text.length - 2) / 2
  if (bytes < least || bytes > most) {
    return wrong(`the ${name} has ${bytes} bytes where ${expected} belong`)
  }
  return read(text.toLowerCase())
}

/** A count of bytes. */
export function parseByteCount(name: string, text: string): Parsed<number> {
  if (!/^([1-9]|1[0-9]|20)$/.test(text)) {
    return wrong(`${name} counts bytes of an address: write a number from 1 to 20`)
  }
  return read(Number(text))
}

/** Decimal digits, or a power of two as `2^32`. */
export function parseNumber(name: string, text: string): Parsed<bigint> {
  const power = /^2\^([0-9]{1,2})$/.exec(text)
  if (power) return read(1n << BigInt(power[1] ?? ''))
  if (/^[0-9]{1,20}$/.test(text)) return read(BigInt(text))
  return wrong(`${name} must be a whole number, such as 4294967296 or 2^32`)
}
