/**
 * How many instructions on 32-bit integers (add, multiply, multiply-add, shift, logic) a GPU can begin in a second, where that is
 * known: processors, lanes in each that take one in a clock, and the highest clock in Hz. A multiply-add is one of these
 * instructions and two of the operations that `countOperations` counts.
 */
interface IntegerUnits {
  /** In the name that Dawn gives. */
  readonly name: RegExp
  readonly processors: number
  readonly lanes: number
  readonly clockHz: number
  readonly source: string
}

const KNOWN: readonly IntegerUnits[] = [
  {
    name: /\bH200\b/,
    processors: 132,
    lanes: 64,
    clockHz: 1.98e9,
    source:
      'https://glennklockwood.com/garden/processors/h100: 132 SMs at 1.98 GHz, 33.5 T operations a second on INT32, a multiply-add being two',
  },
]

/** Instructions a second, and where that is from; undefined for a device that is not in the table. */
export function integerPeak(device: string): { perSecond: number; source: string } | undefined {
  const known = KNOWN.find(({ name }) => name.test(device))
  if (known === undefined) return undefined
  return { perSecond: known.processors * known.lanes * known.clockHz, source: known.source }
}
