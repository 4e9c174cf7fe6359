import { bytesOfPattern, type Pattern } from './pattern.ts'

/** A pattern in words, to stand after "an address with": `at least 3 leading zero bytes`. */
export function patternText(pattern: Pattern): string {
  const bytes = bytesOfPattern(pattern)
  const other = bytes.findIndex(({ mask, value }) => mask !== 0xff || value !== 0)
  const leading = other < 0 ? bytes.length : other
  const rest = bytes.slice(leading).some(({ mask }) => mask !== 0)
  const parts = [
    ...(leading > 0 && !rest ? [`at least ${bytesText(leading, 'leading zero byte')}`] : []),
    ...(rest ? [`the digits ${templateOf(pattern)}`] : []),
    ...(rest && hasLooseBits(pattern) ? [`the bits that the mask ${pattern.mask} chooses`] : []),
    ...(pattern.zeroBytes > 0 ? [`at least ${bytesText(pattern.zeroBytes, 'zero byte')}`] : []),
  ]
  return parts.length === 0 ? 'any digits' : parts.join(' and ')
}

/** `3 leading zero bytes`. */
export function bytesText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** The digits that are fixed, dots for the others, the free end left out: `0xc0ffee…`. */
function templateOf({ mask, value }: Pattern): string {
  const digits = Array.from(mask.slice(2), (bits, i) => (bits === 'f' ? (value[2 + i] ?? '') : '·'))
  const text = digits.join('').replace(/·+$/, '')
  return `0x${text}${text.length < digits.length ? '…' : ''}`
}

function hasLooseBits({ mask }: Pattern): boolean {
  return /[^0f]/.test(mask.slice(2))
}
