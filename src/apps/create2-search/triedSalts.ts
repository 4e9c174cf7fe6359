import type { Input } from './input.ts'

interface Stretch {
  readonly first: bigint
  /** Exclusive. */
  readonly end: bigint
  readonly line: number
}

/**
 * Which salts the lines of one text try. To try one twice is a waste, and makes hosts look as if they kept finds: what is expected of two searches
 * of the same salts is not twice as certain.
 */
export class TriedSalts {
  readonly #stretches = new Map<string, Stretch[]>()

  /** @returns the line that tries some of these already; undefined where none does, and then they count as tried */
  add(input: Input, line: number): number | undefined {
    const { deployer, initCodeHash, saltPrefix, firstBlock, items } = input
    const key = `${deployer} ${initCodeHash} ${saltPrefix}`
    const first = BigInt(firstBlock)
    const end = first + BigInt(items)
    const others = this.#stretches.get(key) ?? []
    const before = others.find((other) => first < other.end && other.first < end)
    if (before !== undefined) return before.line
    this.#stretches.set(key, [...others, { first, end, line }])
    return undefined
  }
}
