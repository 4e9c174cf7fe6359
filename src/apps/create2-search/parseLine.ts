import { chanceOf } from './chance.ts'
import { SALT_PREFIX_BYTES, type Input } from './input.ts'
import type { Pattern } from './pattern.ts'
import { parseAddress, parseBytes, parseNumber, read, wrong, type Parsed } from './parseFields.ts'
import { parseTarget } from './parseTarget.ts'
import { BLOCK_LOG2 } from './blockLog2.ts'
import { shareOf } from './shareOf.ts'

const HOW = 'write deployer=0x... initcodehash=0x... leading=4 salts=2^34'
const NAMES = new Set(
  'deployer initcodehash leading zeros prefix mask value caller saltprefix salts start name'.split(
    ' ',
  ),
)
const BLOCK = 1n << BigInt(BLOCK_LOG2)
const NONCES = 1n << 64n
/** With less to expect nobody would ask, who had counted. */
const LEAST_EXPECTED = 1e-3
/** Of a target that many addresses have only shares are reported: a search that may well come back without one would say what is not true. */
const LEAST_SHARES = 3

export interface Request {
  readonly input: Input
  /** The requester's own name for it. */
  readonly key: string | null
}

/** @param content one line without comments, printable ASCII */
export function parseLine(content: string): Parsed<Request> {
  const fields = fieldsOf(content)
  if (fields.status === 'wrong') return fields
  const creation = parseCreation(fields.value)
  if (creation.status === 'wrong') return creation
  const target = parseTarget(fields.value)
  if (target.status === 'wrong') return target
  const search = parseSearch(fields.value)
  if (search.status === 'wrong') return search
  const { pattern, rank } = target.value
  const share = shareOf(pattern)
  const hopeless = whyHopeless(pattern, share, 2 ** BLOCK_LOG2 * search.value.items)
  if (hopeless !== undefined) return wrong(hopeless)
  const key = fields.value.get('name') ?? null
  if (key !== null && !/^[A-Za-z0-9._-]{1,40}$/.test(key)) {
    return wrong('the name may have up to 40 letters, digits, dots, dashes and underscores')
  }
  const { value: created } = creation
  return read({
    key,
    input: { ...created, ...search.value, blockLog2: BLOCK_LOG2, rank, share, target: pattern },
  })
}

/** Of a common target only shares are reported, which are rarer than it is. */
function whyHopeless(target: Pattern, share: Pattern, salts: number): string | undefined {
  const [wanted, reported] = [chanceOf(target), chanceOf(share)]
  if (reported === 0) {
    return 'too many addresses are like this to report them all, and none of them can have zero bytes, by which they would be chosen: fix more digits'
  }
  if (wanted > reported && salts * reported < LEAST_SHARES) {
    return `too many addresses are like this to report them all: only one in ${powerOf(reported)} salts gives one with so many zero bytes that it is; ask for salts=${powerFor(LEAST_SHARES, reported)} or more, or fix more digits`
  }
  if (salts * wanted < LEAST_EXPECTED) {
    return `one in ${powerOf(wanted)} addresses is like this, so that the chance of one in so few salts is below a thousandth: ask for salts=${powerFor(1, wanted)}, or for fewer digits`
  }
  return undefined
}

function powerFor(expected: number, chance: number): string {
  return `2^${Math.ceil(Math.log2(expected / chance))}`
}

function powerOf(chance: number): string {
  return `2^${Math.round(-Math.log2(chance))}`
}

function fieldsOf(content: string): Parsed<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>()
  for (const word of content.split(/[\s,]+/).filter((one) => one !== '')) {
    const equals = word.indexOf('=')
    const name = word.slice(0, Math.max(0, equals)).toLowerCase()
    if (equals < 0) return wrong(`"${word.slice(0, 40)}" is no name=value: ${HOW}`)
    if (!NAMES.has(name)) {
      return wrong(`there is no field "${name.slice(0, 40)}"; there are ${[...NAMES].join(', ')}`)
    }
    if (fields.has(name)) return wrong(`${name} is there twice: leave one of them out`)
    fields.set(name, word.slice(equals + 1))
  }
  return read(fields)
}

type Creation = Pick<Input, 'deployer' | 'initCodeHash' | 'saltPrefix'>

function parseCreation(fields: ReadonlyMap<string, string>): Parsed<Creation> {
  const [from, hash] = [fields.get('deployer'), fields.get('initcodehash')]
  if (from === undefined) return wrong(`the deployer is missing, often a factory: ${HOW}`)
  if (hash === undefined) return wrong(`the hash of the init code is missing: ${HOW}`)
  const deployer = parseAddress('deployer', from)
  if (deployer.status === 'wrong') return deployer
  const initCodeHash = parseBytes('hash of the init code', hash, { least: 32, most: 32 })
  if (initCodeHash.status === 'wrong') return initCodeHash
  const saltPrefix = parseSaltPrefix(fields)
  if (saltPrefix.status === 'wrong') return saltPrefix
  return read({
    deployer: deployer.value,
    initCodeHash: initCodeHash.value,
    saltPrefix: saltPrefix.value,
  })
}

/** The caller, where the factory wants one, then the requester's own bytes, then zeros. */
function parseSaltPrefix(fields: ReadonlyMap<string, string>): Parsed<string> {
  const caller = fields.get('caller')
  const parsed = caller === undefined ? read('0x') : parseAddress('caller', caller)
  if (parsed.status === 'wrong') return parsed
  const most = SALT_PREFIX_BYTES - (parsed.value.length - 2) / 2
  const own = parseBytes('salt prefix', fields.get('saltprefix') ?? '0x', { least: 0, most })
  if (own.status === 'wrong') return own
  const digits = `${parsed.value.slice(2)}${own.value.slice(2)}`
  return read(`0x${digits.padEnd(2 * SALT_PREFIX_BYTES, '0')}`)
}

type Search = Pick<Input, 'firstBlock' | 'items'>

function parseSearch(fields: ReadonlyMap<string, string>): Parsed<Search> {
  const wanted = fields.get('salts')
  if (wanted === undefined) return wrong(`how many salts to try is missing: ${HOW}`)
  const salts = parseNumber('salts', wanted)
  if (salts.status === 'wrong') return salts
  const start = parseNumber('start', fields.get('start') ?? '0')
  if (start.status === 'wrong') return start
  if (salts.value === 0n) return wrong('salts must be at least 1')
  if (start.value % BLOCK !== 0n) {
    return wrong(
      `start must be a multiple of 2^${BLOCK_LOG2}: salts are tried in blocks of that many`,
    )
  }
  const blocks = (salts.value + BLOCK - 1n) / BLOCK
  if (start.value + blocks * BLOCK > NONCES) {
    return wrong('there are only 2^64 salts after a prefix: ask for fewer, or start earlier')
  }
  return read({ firstBlock: String(start.value / BLOCK), items: Number(blocks) })
}
