import * as v from 'valibot'
import { ADDRESS_BYTES } from './pattern.ts'

/** Bytes of the salt that are the nonce: the last ones, the highest byte first. */
export const NONCE_BYTES = 8
export const SALT_PREFIX_BYTES = 32 - NONCE_BYTES
const NONCES = 1n << 64n

const hex = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(
      new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`),
      `expected 0x and ${2 * bytes} lower-case hex digits`,
    ),
  )

export const patternSchema = v.pipe(
  v.object({
    mask: hex(ADDRESS_BYTES),
    value: hex(ADDRESS_BYTES),
    zeroBytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(ADDRESS_BYTES)),
  }),
  v.check(
    ({ mask, value }) => (BigInt(value) & ~BigInt(mask)) === 0n,
    'the value has bits outside the mask',
  ),
)

/** README.md says what each of these is. */
export const inputSchema = v.pipe(
  v.object({
    deployer: hex(ADDRESS_BYTES),
    initCodeHash: hex(32),
    saltPrefix: hex(SALT_PREFIX_BYTES),
    firstBlock: v.pipe(
      v.string(),
      v.regex(/^(0|[1-9][0-9]{0,19})$/, 'expected decimal digits, without leading zeros'),
    ),
    items: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    blockLog2: v.pipe(v.number(), v.integer(), v.minValue(4), v.maxValue(26)),
    rank: v.picklist(['leading', 'total']),
    /** What hosts look for. */
    share: patternSchema,
    /** What the requester wants of it; nobody else sees it. */
    target: v.optional(patternSchema),
  }),
  v.check(
    ({ firstBlock, items, blockLog2 }) =>
      (BigInt(firstBlock) + BigInt(items)) << BigInt(blockLog2) <= NONCES,
    'there are only 2^64 salts',
  ),
)
export type Input = v.InferOutput<typeof inputSchema>

export const outputSchema = v.object({ salt: hex(32), address: hex(ADDRESS_BYTES) })
export type Output = v.InferOutput<typeof outputSchema>

/** All that a host needs, and nothing of what the requester is after. */
export function publicInput(input: Input): Input {
  const known = { ...input }
  delete known.target
  return known
}
