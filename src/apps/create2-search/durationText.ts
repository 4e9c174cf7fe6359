const UNITS = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A time in words, to two digits at most: `about 3 hours`. @param seconds 0 or more; Infinity for never */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'less than a second'
  for (const [name, length] of UNITS) {
    const count = seconds / length
    if (count >= 1_000_000) return 'more than a million years'
    if (count >= 1) return said(count, name)
  }
  return said(seconds, 'second')
}

function said(count: number, name: string): string {
  const rounded = count < 10 ? Math.round(count) : Number(count.toPrecision(2))
  return `about ${rounded.toLocaleString('en')} ${name}${rounded === 1 ? '' : 's'}`
}
