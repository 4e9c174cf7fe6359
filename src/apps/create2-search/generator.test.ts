import * as v from 'valibot'
import { expect, test } from 'vitest'
import { publicInput, inputSchema, type Input } from './input.ts'
import { generator } from './generator.ts'
import { addressHex, leadingZeros } from './pattern.ts'

const DEPLOYER = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const HASH = `0x${'12'.repeat(32)}`
const BEGIN = `deployer=${DEPLOYER} initcodehash=${HASH}`

function line(text: string) {
  const [first] = generator.parse(text)
  if (first === undefined) throw new Error('nothing was generated')
  return first
}

function inputOf(text: string): Input {
  const made = line(text)
  if (made.status === 'refused') throw new Error(made.reason)
  expect(v.parse(inputSchema, made.input)).toEqual(made.input)
  return made.input
}

function reasonOf(text: string): string {
  const made = line(text)
  if (made.status === 'workunit') throw new Error('it was not refused')
  return made.reason
}

test('a line becomes a search whose hosts are told the share alone', () => {
  const input = inputOf(`${BEGIN} leading=5 salts=2^40`)
  expect(input).toEqual({
    deployer: DEPLOYER.toLowerCase(),
    initCodeHash: HASH,
    saltPrefix: `0x${'00'.repeat(24)}`,
    firstBlock: '0',
    items: 2 ** 22,
    blockLog2: 18,
    rank: 'leading',
    share: leadingZeros(3),
    target: leadingZeros(5),
  })
  expect(publicInput(input)).not.toHaveProperty('target')
  expect(input).toHaveProperty('target')
})

test('conditions add up', () => {
  const input = inputOf(
    `${BEGIN} leading=1 zeros=5 mask=${addressHex(0x3fffn)} value=${addressHex(0x2400n)} salts=2^50`,
  )
  expect(input.target).toEqual({
    mask: `0xff${'00'.repeat(17)}3fff`,
    value: addressHex(0x2400n),
    zeroBytes: 5,
  })
  expect(input.rank).toBe('total')
})

test('a prefix may have an odd number of digits', () => {
  expect(inputOf(`${BEGIN} prefix=0xC0FFEE1 salts=2^30`).target).toMatchObject({
    mask: `0xfffffff${'0'.repeat(33)}`,
    value: `0xc0ffee1${'0'.repeat(33)}`,
  })
})

test("a salt begins with the caller, then with the requester's own bytes", () => {
  const caller = `0x${'ab'.repeat(20)}`
  expect(
    inputOf(`${BEGIN} caller=${caller} saltprefix=0x0102 leading=4 salts=2^34`).saltPrefix,
  ).toBe(`0x${'ab'.repeat(20)}01020000`)
  expect(reasonOf(`${BEGIN} caller=${caller} saltprefix=0x0102030405 leading=4 salts=1`)).toBe(
    'the salt prefix has 5 bytes where 0 to 4 bytes belong',
  )
})

test('salts are tried in whole blocks, from where the line says', () => {
  const input = inputOf(`${BEGIN} leading=3 salts=${2 ** 24 + 1} start=2^20`)
  expect(input).toMatchObject({ firstBlock: '4', items: 65 })
  expect(inputOf(`${BEGIN} leading=4 salts=2^63 start=2^63`).items).toBe(2 ** 45)
})

test('a name comes back as the key', () => {
  expect(line(`${BEGIN} leading=3 salts=2^24 name=vault-7`)).toMatchObject({ key: 'vault-7' })
  expect(line(`${BEGIN} leading=3 salts=2^24`)).toMatchObject({ key: null })
})

test('names may be in any case, fields in any order and apart by commas; comments and blank lines give nothing', () => {
  const text = `\n# mine\r\n salts=2^24, LEADING=3,\tinitCodeHash=${HASH} Deployer=${DEPLOYER.toLowerCase()}\n; end`
  expect([...generator.parse(text)]).toMatchObject([{ status: 'workunit', line: 3 }])
})

test('no salt is tried twice by one text', () => {
  const lines = [
    `${BEGIN} leading=4 salts=2^30`,
    `${BEGIN} leading=5 salts=2^31 start=2^29`,
    `${BEGIN} leading=4 salts=2^30 start=2^30`,
    `${BEGIN} leading=5 salts=2^31 saltprefix=0x01`,
  ]
  const made = [...generator.parse(lines.join('\n'))]
  expect(made.map(({ status }) => status)).toEqual(['workunit', 'refused', 'workunit', 'workunit'])
  expect(made[1]).toHaveProperty('reason', expect.stringContaining('line 1 tries these salts'))
})

test.each([
  ['leading=4 salts=2^34', 'the deployer is missing'],
  [`deployer=${DEPLOYER} leading=4 salts=2^34`, 'the hash of the init code is missing'],
  [BEGIN, 'say what addresses are wanted'],
  [`${BEGIN} leading=4`, 'how many salts to try is missing'],
  [`${BEGIN} leading=4 salts=0`, 'salts must be at least 1'],
  [`${BEGIN} leading=4 salts=many`, 'salts must be a whole number'],
  [`${BEGIN} leading=4 salts=2^65`, 'there are only 2^64 salts'],
  [`${BEGIN} leading=4 salts=2^64 start=2^18`, 'there are only 2^64 salts'],
  [`${BEGIN} leading=4 salts=2^34 start=7`, 'start must be a multiple of 2^18'],
  [`${BEGIN} leading=21 salts=2^34`, 'leading counts bytes of an address'],
  [`${BEGIN} leading=8 salts=2^34`, 'one in 2^64 addresses is like this'],
  [`${BEGIN} leading=1 salts=2^18`, 'only one in 2^28 salts gives one'],
  [
    `${BEGIN} mask=0x${'80'.repeat(20)} value=0x${'80'.repeat(20)} salts=2^30`,
    'none of them can have zero bytes',
  ],
  [`${BEGIN} leading=1 prefix=0x12 salts=2^34`, 'contradict each other'],
  [`${BEGIN} mask=${addressHex(1n)} salts=2^34`, 'mask and value belong together'],
  [
    `${BEGIN} mask=${addressHex(1n)} value=${addressHex(2n)} salts=2^34`,
    'bits where the mask has none',
  ],
  [
    `${BEGIN} mask=${addressHex(0n)} value=${addressHex(0n)} salts=2^34`,
    'say what addresses are wanted',
  ],
  [`${BEGIN} prefix=c0ffee salts=2^34`, 'the prefix must be 0x'],
  [`${BEGIN} leading=3 leading=4 salts=2^34`, 'leading is there twice'],
  [`${BEGIN} leeding=3 salts=2^34`, 'there is no field "leeding"'],
  [`${BEGIN} leading=3 salts=2^34 name=a/b`, 'the name may have'],
  ['hello', '"hello" is no name=value'],
  [`deployer=0x4e59 initcodehash=${HASH} leading=3 salts=1`, 'the deployer has 2 bytes'],
  [
    `deployer=0x4E59b44847b379578588920cA78FbF26c0B4956C initcodehash=${HASH} leading=3 salts=1`,
    'typing error',
  ],
  [`deployer=${DEPLOYER} initcodehash=0x12g4 leading=3 salts=1`, 'two hex digits a byte'],
  [`${BEGIN} leading=3 salts=2^34 \u{200b}`, 'U+200B'],
  ['x'.repeat(1_001), 'longer than 1000 characters'],
])('%s is refused', (text, reason) => {
  expect(reasonOf(text)).toContain(reason)
})
