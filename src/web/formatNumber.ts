const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** An integer with its digits in groups of three. */
export function formatCount(count: number | bigint): string {
  return whole.format(count)
}

/** One decimal below a hundred, none above: figures that change often keep their width. */
export function formatRate(rate: number): string {
  return rate < 99.95 ? tenth.format(rate) : whole.format(rate)
}

/** Cores and parts of cores: `2` or `0.6`. */
export function formatCores(cores: number): string {
  return Number.isInteger(cores) ? whole.format(cores) : tenth.format(cores)
}

/** @param share 0 to 1 */
export function formatShare(share: number): string {
  return `${percent.format(share * 100)} %`
}
