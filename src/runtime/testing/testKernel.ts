import { hashWords, type Digest, type Seed } from '../../protocol/digest.ts'
import { kernelHashOf, type KernelHash } from '../../protocol/ids.ts'
import type { Job } from '../executor.ts'

/**
 * A kernel of ABI 1 small enough to assemble by hand. Its input is three u32: `spins` (how long an item takes), `refusal`
 * (what `prepare` returns) and `trapItem`. An item's digest is `(seed + 1) * (item + 1)`; every fourth item has one
 * output: its number, 8 bytes.
 */
export interface TestInput {
  readonly spins?: number
  readonly refusal?: number
  readonly trapItem?: number
}

export function encodeTestInput({ spins = 0, refusal = 0, trapItem = 0xffffffff }: TestInput) {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, spins, true)
  view.setUint32(4, refusal, true)
  view.setUint32(8, trapItem, true)
  return bytes
}

export function decodeTestOutput(record: Uint8Array): number {
  return Number(new DataView(record.buffer, record.byteOffset, 8).getBigUint64(0, true))
}

/** What the kernel computes for the items `start..end-1`, said again in TypeScript. */
export function expectedOf(start: number, end: number, seed: Seed) {
  let digest: Digest = 0n
  const outputs: number[] = []
  for (let item = start; item < end; item++) {
    digest = BigInt.asUintN(64, digest + (seed + 1n) * (BigInt(item) + 1n))
    if (item % 4 === 3) outputs.push(item)
  }
  return { digest, outputs }
}

export async function testJob(input: TestInput): Promise<Job> {
  const bytes = encodeTestInput(input)
  const key = hashWords(0n, Array.from(bytes)).toString(16)
  return { key, app: 'test', input: bytes, wasm: await testKernelHash() }
}

export async function testKernelHash(): Promise<KernelHash> {
  return kernelHashOf(new Uint8Array(await crypto.subtle.digest('SHA-256', testKernel)))
}

const MAGIC_AND_VERSION = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const I32 = 0x7f
const I64 = 0x7e
const INPUT_AT = [0x80, 0x08] // 1024
const OUTPUTS_AT = [0x80, 0x10] // 2048

const section = (id: number, ...entries: number[][]) => {
  const body = [entries.length, ...entries.flat()]
  return [id, ...leb(body.length), ...body]
}
const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
const body = (locals: number[], ...code: number[]) => {
  const bytes = [...locals, ...code, 0x0b]
  return [...leb(bytes.length), ...bytes]
}
const named = (name: string, kind: number, index: number) => [
  name.length,
  ...new TextEncoder().encode(name),
  kind,
  index,
]
const loadU32 = (offset: number) => [0x41, ...INPUT_AT, 0x28, 2, offset]

// prettier-ignore
const RUN = [
  ...loadU32(0), 0x21, 2,                                // left = spins
  0x02, 0x40, 0x03, 0x40,                                // block, loop
  0x20, 2, 0x45, 0x0d, 1,                                //   if left == 0: out
  0x23, 1, 0x42, 31, 0x7e, 0x42, 1, 0x7c, 0x24, 1,       //   sink = sink * 31 + 1
  0x20, 2, 0x41, 1, 0x6b, 0x21, 2,                       //   left -= 1
  0x0c, 0, 0x0b, 0x0b,                                   //   again
  0x20, 0, ...loadU32(8), 0xad, 0x51,                    // if item == trapItem
  0x04, 0x40, 0x00, 0x0b,                                //   unreachable
  0x20, 1, 0x42, 1, 0x7c, 0x20, 0, 0x42, 1, 0x7c, 0x7e,  // (seed + 1) * (item + 1)
  0x24, 0,                                               // digest = it
  0x41, ...OUTPUTS_AT, 0x20, 0, 0x37, 3, 0,              // the record: item
  0x20, 0, 0x42, 3, 0x83, 0x42, 3, 0x51,                 // return (item & 3) == 3
]

/** The module's bytes. */
export const testKernel = new Uint8Array([
  ...MAGIC_AND_VERSION,
  ...section(
    1,
    [0x60, 0, 1, I32],
    [0x60, 1, I32, 1, I32],
    [0x60, 2, I64, I64, 1, I32],
    [0x60, 0, 1, I64],
  ),
  ...section(3, [0], [1], [0], [2], [3], [0], [0]),
  ...section(5, [0, 1]),
  ...section(6, [I64, 1, 0x42, 0, 0x0b], [I64, 1, 0x42, 0, 0x0b]),
  ...section(
    7,
    named('memory', 2, 0),
    named('weft_abi', 0, 0),
    named('input', 0, 1),
    named('prepare', 0, 2),
    named('run', 0, 3),
    named('digest', 0, 4),
    named('outputs', 0, 5),
    named('outputBytes', 0, 6),
  ),
  ...section(
    10,
    body([0], 0x41, 1),
    body([0], 0x41, ...INPUT_AT),
    body([0], ...loadU32(4)),
    body([1, 1, I32], ...RUN),
    body([0], 0x23, 0),
    body([0], 0x41, ...OUTPUTS_AT),
    body([0], 0x41, 8),
  ),
])
