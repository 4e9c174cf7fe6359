/**
 * How likely a Poisson variable of this mean is to come out at least as far to its side as `count`, times two for the two sides; at most 1.
 * Summed term by term from `count` outwards.
 * @param count a whole number
 * @param mean above 0
 */
export function twoSidedPoisson(count: number, mean: number): number {
  const below = tail(count, mean, (i) => i / mean, -1)
  const above = tail(count, mean, (i) => mean / (i + 1), 1)
  return Math.min(1, 2 * Math.min(below, above))
}

/** @param ratio of the term after that of i, going by `step`, to the term of i */
function tail(count: number, mean: number, ratio: (i: number) => number, step: 1 | -1): number {
  let term = chanceOf(count, mean)
  let sum = 0
  for (let i = count; i >= 0 && term > sum * Number.EPSILON; i += step) {
    sum += term
    term *= ratio(i)
  }
  return sum
}

/** By logarithms: e^-mean alone is no number any more from 746 on. */
function chanceOf(count: number, mean: number): number {
  let logarithm = -mean
  for (let i = 1; i <= count; i++) logarithm += Math.log(mean / i)
  return Math.exp(logarithm)
}
