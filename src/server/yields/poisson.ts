/**
 * The lower tail of the Poisson distribution, as a logarithm: ln P(X <= found) for a mean. Sums of positive terms only, from the largest on, so
 * that nothing cancels: about 9 sqrt(mean) of them at most, a millisecond at a mean of 1e9.
 *
 * P(X <= k) is the regularised incomplete gamma function Q(k + 1, mean), which below the mean is the finite sum of DLMF 8.4.10, read from its
 * last term down; above it 1 - P(k + 1, mean) is taken, by the series of DLMF 8.11.4.
 *
 * @param mean at least 0, finite
 * @param found an integer, at least 0
 * @returns at most 0; right to 1e-9 of itself for means up to 1e9
 */
export function logPoissonTail(mean: number, found: number): number {
  if (mean === 0) return 0
  if (found >= mean) {
    const above = sumWhile((n) => mean / (found + 1 + n))
    return Math.log1p(-Math.exp(logPoisson(mean, found + 1) + Math.log(above)))
  }
  const below = sumWhile((n) => (found + 1 - n) / mean)
  return logPoisson(mean, found) + Math.log(below)
}

/** 1 + r(1) + r(1) r(2) + ... until a term adds nothing; the ratios fall below 1 for good. */
function sumWhile(ratio: (n: number) => number): number {
  let sum = 1
  let term = 1
  for (let n = 1; term > Number.EPSILON * 1e-3 * sum; n++) {
    term *= ratio(n)
    sum += term
  }
  return sum
}

/**
 * ln P(X = k). Computed plainly, mean and ln k! would cancel: at a mean of 1e9 each is 2e10 and five digits would be left. What is taken instead
 * is Stirling's formula with its error and its distance from the mean each computed by itself: C. Loader, "Fast and accurate computation of
 * binomial probabilities", 2000.
 */
function logPoisson(mean: number, k: number): number {
  if (k === 0) return -mean
  return -stirlingError(k) - deviance(k, mean) - Math.log(2 * Math.PI * k) / 2
}

/** Up to here factorials are multiplied out. */
const SMALL = 15

/** ln k! less Stirling's formula, (k + 1/2) ln k - k + ln(2 pi) / 2; from DLMF 5.11.1, right to 2e-14. */
function stirlingError(k: number): number {
  if (k <= SMALL) {
    let factorial = 1
    for (let n = 2; n <= k; n++) factorial *= n
    return Math.log(factorial) - (k + 0.5) * Math.log(k) + k - Math.log(2 * Math.PI) / 2
  }
  const square = k * k
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / k
}

/** k ln(k / mean) + mean - k, without cancelling where the two are close. */
function deviance(k: number, mean: number): number {
  const off = k - mean
  if (Math.abs(off) >= 0.1 * (k + mean)) return k * Math.log(k / mean) - off
  // ln(k / mean) = 2 artanh(v), whose series begins with 2v.
  const v = off / (k + mean)
  let sum = off * v
  let power = 2 * k * v
  for (let odd = 3; ; odd += 2) {
    power *= v * v
    const next = sum + power / odd
    if (next === sum) return sum
    sum = next
  }
}
