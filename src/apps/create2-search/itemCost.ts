import type { Credit } from '../../protocol/credit.ts'
import type { Input } from './input.ts'

/** README.md counts them. */
const CREDIT_PER_MILLION_SALTS = 744n

/** Credit for one block of salts, rounded up. */
export function itemCost({ blockLog2 }: Pick<Input, 'blockLog2'>): Credit {
  const salts = 1n << BigInt(blockLog2)
  return (salts * CREDIT_PER_MILLION_SALTS + 999_999n) / 1_000_000n
}
