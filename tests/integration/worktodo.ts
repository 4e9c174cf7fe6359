import { powerOfTwo } from './powerOfTwo.ts'

/** A requester's file, made up, and what must come out of it by nothing but the definition. */
export interface Worktodo {
  readonly text: string
  readonly assignments: readonly Assignment[]
  /** 1-based numbers of the lines that are no assignments. */
  readonly wrong: readonly number[]
}

export interface Assignment {
  /** 1-based. */
  readonly line: number
  readonly exponent: number
  readonly bitLo: number
  readonly bitHi: number
  readonly aid: string | null
  /** Every divisor of 2^exponent - 1 of the form 2kp + 1 from 2^bitLo to below 2^bitHi, the smallest first. */
  readonly factors: readonly Factor[]
}

export interface Factor {
  readonly k: string
  readonly factor: string
}

const WRONG = ['PRP=N/A,1,2,1000003,-1', 'Factor=N/A,1000000,22,24', 'Factor=1000003', 'nonsense']

/**
 * As files come: comments, headings, blank lines, other systems' line ends, assignment ids or none, the same exponent again, and
 * some lines that are wrong.
 * @param maxBits all of it lies between 2^22 and 2^maxBits, where an exponent from a million to two has one item
 */
export function makeWorktodo(count: number, maxBits: number, random: () => number): Worktodo {
  const lines: string[] = []
  const assignments: Assignment[] = []
  const wrong: number[] = []
  const one = <Value>(...values: readonly Value[]) =>
    values[Math.floor(random() * values.length)] as Value
  let exponent = randomPrime(random)
  while (assignments.length < count) {
    if (random() < 0.05) lines.push(one('', '# a comment', '[Worker #1]', '; another', '   '))
    if (random() < 0.01) wrong.push(lines.push(one(...WRONG)))
    if (random() < 0.95) exponent = randomPrime(random)
    const bitLo = 22 + Math.floor(random() * (maxBits - 22))
    const bitHi = bitLo + 1 + Math.floor(random() * (maxBits - bitLo))
    const aid = random() < 0.5 ? null : hexDigits(random)
    const name = aid === null ? one('', 'N/A,', 'n/a,') : `${aid},`
    const line = lines.push(`${one('Factor', 'factor')}=${name}${exponent},${bitLo},${bitHi}`)
    const factors = factorsByHand(exponent, bitLo, bitHi)
    assignments.push({ line, exponent, bitLo, bitHi, aid, factors })
  }
  return { text: lines.map((line) => line + one('\n', '\r\n')).join(''), assignments, wrong }
}

function hexDigits(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return random() < 0.5 ? digits : digits.toUpperCase()
}

/** From a million to two. */
function randomPrime(random: () => number): number {
  for (;;) {
    const candidate = 1_000_000 + Math.floor(random() * 1_000_000)
    if (isPrime(candidate)) return candidate
  }
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
  return true
}

function factorsByHand(exponent: number, bitLo: number, bitHi: number): Factor[] {
  const p = BigInt(exponent)
  const factors: Factor[] = []
  for (let k = 1n; 2n * k * p + 1n < 1n << BigInt(bitHi); k++) {
    const f = 2n * k * p + 1n
    if (f >= 1n << BigInt(bitLo) && powerOfTwo(p, f) === 1n) {
      factors.push({ k: String(k), factor: String(f) })
    }
  }
  return factors
}
