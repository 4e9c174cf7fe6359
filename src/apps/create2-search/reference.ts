import { addDigests, hashWords } from '../../protocol/digest.ts'
import type { Reference } from '../app.ts'
import { addressOf, messageOf, saltOf, setNonce } from './create2.ts'
import { hexOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { matches } from './pattern.ts'

/** Every salt of the item, one after another. */
export const reference: Reference<Input, Output> = {
  runItem(input, item, seed) {
    const count = 1n << BigInt(input.blockLog2)
    const first = (BigInt(input.firstBlock) + BigInt(item)) * count
    const message = messageOf(input, first)
    const outputs: Output[] = []
    let digest = 0n
    for (let nonce = first; nonce < first + count; nonce++) {
      setNonce(message, nonce)
      const address = addressOf(message)
      const words = new DataView(address.buffer, address.byteOffset)
      const addressWords = [0, 4, 8, 12, 16].map((at) => words.getUint32(at, true))
      const nonceWords = [Number(nonce & 0xffffffffn), Number(nonce >> 32n)]
      digest = addDigests(digest, hashWords(seed, [...nonceWords, ...addressWords]))
      if (matches(address, input.share)) {
        outputs.push({ salt: saltOf(input, nonce), address: hexOf(address) })
      }
    }
    return { digest, outputs }
  },
}
