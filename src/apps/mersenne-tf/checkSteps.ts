/** One binary digit of the exponent read: the remainder is squared, doubled if the digit is 1, and reduced. */
export interface CheckStep {
  readonly bit: 0 | 1
  readonly residue: bigint
}

/**
 * 2^exponent mod factor, one step for each binary digit of the exponent, the highest first, starting from 1; the last
 * residue is the answer and is 1 exactly where the factor divides 2^exponent - 1 (Knuth, TAOCP 2, 4.6.3, algorithm of
 * left-to-right binary powers).
 */
export function checkSteps(exponent: number, factor: bigint): CheckStep[] {
  let residue = 1n % factor
  return Array.from(exponent.toString(2), (digit) => {
    residue = (residue * residue * (digit === '1' ? 2n : 1n)) % factor
    return { bit: digit === '1' ? 1 : 0, residue }
  })
}
