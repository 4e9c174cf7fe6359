import fc from 'fast-check'
import type { Specimen } from '../../testing/specimen.ts'
import type { Input } from '../input.ts'
import { addressHex, type Pattern } from '../pattern.ts'
import { nextPractice } from '../seed.ts'
import { shareOf } from '../shareOf.ts'
import { faults } from './faults.ts'
import { hard } from './hard.ts'
import { EIP_1014, publishedItem } from './known.ts'
import { yields } from './yields.ts'

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((made) => `0x${Array.from(made, (byte) => byte.toString(16).padStart(2, '0')).join('')}`)

/** Of up to six bits and up to one zero byte: met often enough to compare outputs, not only digests. */
const share = fc
  .record({
    bits: fc.array(fc.record({ at: fc.bigInt(0n, 159n), set: fc.boolean() }), { maxLength: 6 }),
    zeroBytes: fc.constantFrom(0, 0, 0, 1),
  })
  .map(({ bits, zeroBytes }): Pattern => {
    let [mask, value] = [0n, 0n]
    for (const { at, set } of bits) {
      value = (mask >> at) & 1n ? value : value | ((set ? 1n : 0n) << at)
      mask |= 1n << at
    }
    return { mask: addressHex(mask), value: addressHex(value), zeroBytes }
  })

/** What a requester may be after: nothing of it must show. */
const secret = fc
  .record({ value: hex(20), zeroBytes: fc.integer({ min: 0, max: 20 }) })
  .map(({ value, zeroBytes }): Pattern => ({ mask: `0x${'ff'.repeat(20)}`, value, zeroBytes }))

/** The first nonces, those around 2^32 and 2^40, and the last ones are drawn often. */
const input = fc
  .record({
    deployer: hex(20),
    initCodeHash: hex(32),
    saltPrefix: hex(24),
    blockLog2: fc.integer({ min: 4, max: 7 }),
    items: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 52 })),
    nonce: fc.oneof(
      fc.constantFrom(0n, (1n << 32n) - 64n, (1n << 40n) - 64n, (1n << 64n) - 1n),
      fc.bigInt(0n, (1n << 64n) - 1n),
    ),
    share,
    rank: fc.constantFrom('leading' as const, 'total' as const),
  })
  .chain((made) => fc.option(secret, { nil: undefined }).map((wanted) => ({ made, wanted })))
  .map(({ made: { nonce, items, blockLog2, ...rest }, wanted: sought }): Input => {
    const blocks = 1n << BigInt(64 - blockLog2)
    const most = blocks - BigInt(items)
    const wanted = nonce >> BigInt(blockLog2)
    const firstBlock = String(wanted < most ? wanted : most)
    const whole = { ...rest, firstBlock, items, blockLog2 }
    return sought === undefined ? whole : { ...whole, target: sought }
  })

/** The first and last item are drawn often. */
const jobs = input.chain((made) => {
  const last = made.items - 1
  const item = fc.oneof(fc.constantFrom(0, last), fc.integer({ min: 0, max: last }))
  return item.map((chosen) => ({ input: made, item: chosen }))
})

export const specimen: Specimen = {
  jobs,
  published: EIP_1014.map((example) => {
    const { input: made, item, output } = publishedItem(example)
    return { input: made, item, outputs: [output] }
  }),
  text: [
    '# mine',
    'deployer=0x4e59b44847b379578588920cA78FbF26c0B4956C initcodehash=0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470 leading=4 salts=2^34',
    'deployer=0x4e59b44847b379578588920cA78FbF26c0B4956C leading=4 salts=2^34',
  ].join('\n'),
  hard,
  faults,
  yields,
  refusedByPolicy: [
    { policy: '', input: asking('0xdac17f958d') },
    { policy: '0x1234567890abcdef1234567890abcdef12345678 mine', input: asking('0x1234567') },
  ],
}

/** The first practice, for addresses that begin like this. */
function asking(prefix: string): Input {
  const target = {
    mask: `0x${'f'.repeat(prefix.length - 2)}`.padEnd(42, '0'),
    value: prefix.padEnd(42, '0'),
    zeroBytes: 0,
  }
  return { ...nextPractice(undefined), share: shareOf(target), target }
}
