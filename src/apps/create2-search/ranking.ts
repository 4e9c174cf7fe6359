import type { Format } from '../app.ts'
import { checksummed } from './create2.ts'
import { bytesOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { leadingZeroBytesOf, zeroBytesOf } from './pattern.ts'

/** One search as one line of JSON: what was searched, and the addresses, the best one first. */
export const ranking: Format<Input, Output> = ({ input, key, outputs, complete, finishedAt }) =>
  JSON.stringify({
    ...(key === null ? {} : { name: key }),
    deployer: checksummed(input.deployer),
    initCodeHash: input.initCodeHash,
    saltPrefix: input.saltPrefix,
    start: String(BigInt(input.firstBlock) << BigInt(input.blockLog2)),
    salts: String(BigInt(input.items) << BigInt(input.blockLog2)),
    complete,
    finishedAt: new Date(finishedAt).toISOString(),
    found: outputs.map(({ salt, address }) => {
      const bytes = bytesOf(address)
      return {
        salt,
        address: checksummed(address),
        leadingZeroBytes: leadingZeroBytesOf(bytes),
        zeroBytes: zeroBytesOf(bytes),
      }
    }),
  })
