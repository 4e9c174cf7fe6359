import * as v from 'valibot'

/**
 * Credit counts verified computation: one unit is one million counted 32-bit multiplications (or operations an app
 * declares equal in cost). It is an integer, never money, never for sale.
 */
export type Credit = bigint

/** Credit travels as a decimal string, because JSON numbers lose bits past 2^53. */
export const creditSchema = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9][0-9]{0,29})$/, 'expected a decimal integer'),
  v.transform((text): Credit => BigInt(text)),
)

/** @param itemCost credit for one item, as the app publishes it for this workunit's input */
export function creditFor(items: number, itemCost: Credit): Credit {
  return BigInt(items) * itemCost
}
