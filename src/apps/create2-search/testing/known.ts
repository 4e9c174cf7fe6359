import type { Input, Output } from '../input.ts'
import { saltOf } from '../create2.ts'

/** The examples of EIP-1014, as published: deployer, salt, init code, address. */
export const EIP_1014 = [
  ['00', '00', '0x00', '0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38'],
  ['deadbeef00', '00', '0x00', '0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3'],
  ['deadbeef00', 'feed', '0x00', '0xD04116cDd17beBE565EB2422F2497E06cC1C9833'],
  ['00', '00', '0xdeadbeef', '0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e'],
  ['00deadbeef', '00cafebabe', '0xdeadbeef', '0x60f3f640a8508fC6a86d45DF051962668E1e8AC7'],
  [
    '00deadbeef',
    '00cafebabe',
    `0x${'deadbeef'.repeat(11)}`,
    '0x1d8bfDC5D46DC4f61D6b6115972536eBE6A8854C',
  ],
  ['00', '00', '0x', '0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0'],
].map(([deployer = '', salt = '', initCode = '', address = '']) => ({
  deployer: `0x${deployer.startsWith('00') ? deployer.slice(2).padStart(40, '0') : deployer.padEnd(40, '0')}`,
  salt: `0x${salt === 'feed' ? `${'0'.repeat(24)}feed`.padEnd(64, '0') : salt.slice(2).padStart(64, '0')}`,
  initCode,
  address,
}))

/** Keccak-256 of those init codes, by viem. */
const HASHES: Readonly<Record<string, string>> = {
  '0x00': '0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a',
  '0xdeadbeef': '0xd4fd4e189132273036449fc9e11198c739161b4c0116a9a2dccdfa1c492006f1',
  '0xdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef':
    '0xdba4863677690f1376cf73b7bcb3dee7f78ba4cceb9f1973dc10536d2f470ca8',
  '0x': '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
}

/** An item in which this example is the one output that is asked for. */
export function publishedItem({ deployer, salt, initCode, address }: (typeof EIP_1014)[number]): {
  input: Input
  item: number
  output: Output
} {
  const nonce = BigInt(`0x${salt.slice(-16)}`)
  const input: Input = {
    deployer,
    initCodeHash: HASHES[initCode] ?? '',
    saltPrefix: salt.slice(0, -16),
    firstBlock: '0',
    items: Number(nonce >> 4n) + 2,
    blockLog2: 4,
    rank: 'leading',
    share: { mask: `0x${'ff'.repeat(20)}`, value: address.toLowerCase(), zeroBytes: 0 },
  }
  return {
    input,
    item: Number(nonce >> 4n),
    output: { salt: saltOf(input, nonce), address: address.toLowerCase() },
  }
}
