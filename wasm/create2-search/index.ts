import { isPattern, isBlock } from './fields'
import { prepareItem } from './firstRound'
import { hashPair } from './keccak'
import { begin, digestOfItem, judgeFour, prepareShare, recordsOfItem } from './judge'
import * as at from './layout'

let blockLog2: u32 = 0
let firstNonce: u64 = 0
let items: u64 = 0
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
  blockLog2 = load<u32>(at.INPUT, 4)
  firstNonce = load<u64>(at.INPUT, 8)
  items = load<u64>(at.INPUT, 16)
  const zeroBytes = load<u32>(at.INPUT, 24)
  if (load<u32>(at.INPUT) != 1) return 1
  if (blockLog2 < 4 || blockLog2 > 26) return 2
  if ((firstNonce >> blockLog2) << blockLog2 != firstNonce) return 3
  // The last nonce is below 2^64.
  if (items == 0 || items - 1 > ~firstNonce >> blockLog2) return 4
  if (zeroBytes > 20) return 5
  if (load<u32>(at.INPUT, 28) != 0) return 6
  if (!isPattern()) return 8
  if (!isBlock()) return 9
  prepareShare(zeroBytes)
  prepared = true
  return 0
}

/** @returns the number of output records of this item, or -1 not prepared, -2 no such item, -3 too many outputs */
export function run(item: i64, seed: i64): i32 {
  if (!prepared) return -1
  if (item < 0 || <u64>item >= items) return -2
  const start = firstNonce + ((<u64>item) << blockLog2)
  prepareItem(start)
  begin(<u64>seed, start)
  const end = (<u32>1) << blockLog2
  for (let offset: u32 = 0; offset < end; offset += 4) {
    hashPair(offset, at.HASHES)
    hashPair(offset + 2, at.HASHES + 48)
    judgeFour(offset)
  }
  const records = recordsOfItem()
  return records > at.MAX_RECORDS ? -3 : records
}

/** The digest of the item that was run last. */
export function digest(): i64 {
  return <i64>digestOfItem()
}

/** The address of the last item's output records. */
export function outputs(): i32 {
  return <i32>at.RECORDS
}

/** The size of one record. */
export function outputBytes(): i32 {
  return <i32>at.RECORD_BYTES
}
