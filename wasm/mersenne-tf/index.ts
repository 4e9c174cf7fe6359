import * as at from './layout'
import { begin, digestOfBatches, flush, recordsOfBatches, setWorkunit, take } from './batch'
import { findPrimes, prepareSieve, sieve } from './sieve'

let blockLog2: u32 = 0
let firstBlock: u64 = 0
let lastBlock: u64 = 0
let classB: u32 = 0
let prepared = false

/** Version of the kernel interface, see ../README.md. */
export function weft_abi(): i32 {
  return 1
}

/** @returns where to write `bytes` bytes of input, or 0 when this kernel's input is not that long */
export function input(bytes: i32): i32 {
  prepared = false
  return bytes == at.INPUT_BYTES ? <i32>at.INPUT : 0
}

/** @returns 0, or the number of the first field that is wrong, counted from 1 */
export function prepare(): i32 {
  prepared = false
  const exponent = load<u32>(at.INPUT, 4)
  blockLog2 = load<u32>(at.INPUT, 8)
  firstBlock = load<u64>(at.INPUT, 16)
  const kMin = load<u64>(at.INPUT, 24)
  const kMax = load<u64>(at.INPUT, 32)
  if (load<u32>(at.INPUT) != 1) return 1
  if (exponent < 3 || (exponent & 1) == 0) return 2
  if (blockLog2 < 4 || blockLog2 > 26) return 3
  if (load<u32>(at.INPUT, 12) != 0) return 4
  if (firstBlock != kMin >> blockLog2) return 5
  if (kMin == 0 || kMin > kMax) return 6
  if (kMax >> 63 != 0 || productAbove64(kMax, exponent) >> 15 != 0) return 7
  lastBlock = kMax >> blockLog2
  classB = (3 * exponent) & 3
  findPrimes()
  prepareSieve(exponent, classB)
  setWorkunit(exponent, kMin, kMax)
  prepared = true
  return 0
}

/** @returns the number of output records of this item, or -1 not prepared, -2 no such item, -3 too many outputs */
export function run(item: i64, seed: i64): i32 {
  if (!prepared) return -1
  if (item < 0 || <u64>item > lastBlock - firstBlock) return -2
  begin(<u64>seed)
  const segmentLog2 = min(blockLog2, at.SEGMENT_LOG2)
  const first = (firstBlock + <u64>item) << blockLog2
  const segments = (<u32>1) << (blockLog2 - segmentLog2)
  for (let s: u32 = 0; s < segments; s++) {
    const k = first + ((<u64>s) << segmentLog2)
    takeClass(k, segmentLog2, 0, at.STARTS_A)
    takeClass(k, segmentLog2, classB, at.STARTS_B)
  }
  flush()
  const records = recordsOfBatches()
  return records > at.MAX_RECORDS ? -3 : records
}

/** k p / 2^64, so that f = 2kp + 1 stays below 2^80 where this stays below 2^15. */
function productAbove64(k: u64, p: u64): u64 {
  return ((k >> 32) * p + (((k & 0xffffffff) * p) >> 32)) >> 32
}

/** f is 1 or 7 mod 8 exactly for k = 0 and k = 3p mod 4; each class is sieved by itself and holds only candidates. */
function takeClass(firstK: u64, log2: u32, residue: u32, starts: usize): void {
  const count = (<u32>1) << (log2 - 2)
  sieve(firstK >> 2, count, residue, starts)
  for (let j: u32 = 0; j < count; j += 64) {
    let left = ~load<u64>(at.BITS + (j >> 3))
    if (count < 64) left &= ((<u64>1) << count) - 1
    for (; left != 0; left &= left - 1) take(firstK + ((<u64>j + ctz(left)) << 2) + residue)
  }
}

/** The digest of the item that was run last. */
export function digest(): i64 {
  return <i64>digestOfBatches()
}

export function outputs(): i32 {
  return <i32>at.RECORDS
}

export function outputBytes(): i32 {
  return <i32>at.RECORD_BYTES
}
