import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, openKernel, type OpenKernel } from '../../../tests/conformance/app/openKernel.ts'
import { compileKernel, instantiateKernel } from '../../runtime/wasm/kernel.ts'
import { mersenneTf } from './app.ts'
import { blocksOf, candidateOf } from './candidates.ts'
import type { Input, Output } from './input.ts'
import { isPrime, nextPrime } from './primes.ts'
import { KNOWN, publishedItem } from './testing/known.ts'

let kernel: OpenKernel<Input, Output>
beforeAll(async () => {
  const [ref] = mersenneTf.kernels
  if (!ref) throw new Error('mersenne-tf has no kernel')
  kernel = await openKernel(mersenneTf, ref)
})

function factorsOf(input: Input): bigint[] {
  kernel.prepare(input)
  const items = Array.from({ length: mersenneTf.itemCount(input) }, (_, i) => i)
  return items.flatMap((i) => kernel.runItem(i, 1n).outputs.map(({ factor }) => BigInt(factor)))
}

describe('published facts', () => {
  test.each([
    [11, 12, [23n, 89n]],
    [23, 20, [47n, 178481n]],
    [29, 12, [233n, 1103n, 2089n]],
    [67, 28, [193707721n]],
    [37, 28, [223n]],
    [41, 28, [13367n, 164511353n]],
    [43, 24, [431n, 9719n, 2099863n]],
    [83, 12, [167n]],
    [97, 16, [11447n]],
  ])('2^%i - 1 below 2^%i', (exponent, bitHi, factors) => {
    expect(factorsOf({ exponent, bitLo: 0, bitHi, blockLog2: 12 })).toEqual(factors)
  })

  test.each([4, 8, 16, 20])('every known factor is found in blocks of 2^%i', (blockLog2) => {
    for (const known of KNOWN) {
      const { input, item, output } = publishedItem(known, blockLog2)
      kernel.prepare(input)
      expect(kernel.runItem(item, 3n).outputs).toEqual([output])
    }
  })

  test('M67 is the product that Cole showed in 1903', () => {
    const input = { exponent: 67, bitLo: 39, bitHi: 40, blockLog2: 10 }
    const k = (761838257287n - 1n) / 134n
    const item = Number((k >> 10n) - blocksOf(input).first)
    kernel.prepare(input)
    expect(kernel.runItem(item, 1n).outputs).toEqual([{ k: String(k), factor: '761838257287' }])
    expect(193707721n * 761838257287n).toBe(2n ** 67n - 1n)
  })

  test('factors that are 1 and 7 mod 8 are both found', () => {
    const classes = new Set(KNOWN.map(([p, k]) => candidateOf(p, k) % 8n))
    expect(classes).toEqual(new Set([1n, 7n]))
  })
})

describe('the kernel reads its input as documented', () => {
  const good = { exponent: 11, bitLo: 3, bitHi: 12, blockLog2: 4 }
  const rewritten = (write: (view: DataView) => void) => {
    const bytes = mersenneTf.encodeInput(good)
    write(new DataView(bytes.buffer))
    return bytes
  }
  const raw = async () => {
    const [ref] = mersenneTf.kernels
    if (!ref) throw new Error('mersenne-tf has no kernel')
    return instantiateKernel('raw', await compileKernel('raw', ref.hash, await bytesOf(ref)))
  }

  test.each([
    [1, (view: DataView) => view.setUint32(0, 2, true)],
    [2, (view: DataView) => view.setUint32(4, 12, true)],
    [3, (view: DataView) => view.setUint32(8, 27, true)],
    [4, (view: DataView) => view.setUint32(12, 1, true)],
    [5, (view: DataView) => view.setBigUint64(16, 1n, true)],
    [6, (view: DataView) => view.setBigUint64(32, 0n, true)],
    [7, (view: DataView) => view.setBigUint64(32, 1n << 63n, true)],
  ])('a wrong field %i is refused, and nothing runs then', async (field, write) => {
    const fresh = await raw()
    fresh.prepare(mersenneTf.encodeInput(good))
    expect(() => fresh.prepare(rewritten(write))).toThrow(`refused its input (${field})`)
    expect(() => fresh.run(0, 1n)).toThrow('error -1')
  })

  test('candidates end where 2kp + 1 reaches 2^80', async () => {
    const fresh = await raw()
    const upTo = (kMax: bigint) =>
      rewritten((view) => {
        view.setUint32(4, 4294967291, true)
        view.setBigUint64(32, kMax, true)
      })
    const beyond = (1n << 79n) / 4294967291n + 1n
    expect(() => fresh.prepare(upTo(beyond))).toThrow('refused its input (7)')
    fresh.prepare(upTo(beyond - 1n))
    expect(fresh.run(0, 1n).outputs).toHaveLength(1)
  })

  test('nothing runs before an input is prepared', async () => {
    const fresh = await raw()
    expect(() => fresh.run(0, 1n)).toThrow('error -1')
  })
})

describe('edges', () => {
  test('the largest number below 2^b belongs to level b, also where it is a factor', () => {
    for (const exponent of [13, 17, 19, 31]) {
      const mersenne = 2n ** BigInt(exponent) - 1n
      const blockLog2 = 24
      const level = (bitLo: number) => ({ exponent, bitLo, bitHi: bitLo + 1, blockLog2 })
      const hits = (bitLo: number) => {
        const input = level(bitLo)
        kernel.prepare(input)
        return kernel.runItem(mersenneTf.itemCount(input) - 1, 1n).outputs.map((o) => o.factor)
      }
      expect(hits(exponent - 1)).toContain(String(mersenne))
      expect(hits(exponent)).not.toContain(String(mersenne))
    }
  })

  test('a range smaller than its only item reports what lies in it and nothing around it', () => {
    const around = { exponent: 29, bitLo: 10, bitHi: 11, blockLog2: 16 }
    expect(mersenneTf.itemCount(around)).toBe(1)
    expect(factorsOf(around)).toEqual([1103n])
  })

  test('a composite factor with no small divisor is reported as it is', () => {
    // 193707721 * 761838257287 is M67 itself, a candidate of 67 bits.
    const k = (2n ** 67n - 2n) / 134n
    const input = { exponent: 67, bitLo: 66, bitHi: 67, blockLog2: 12 }
    const item = Number((k >> 12n) - blocksOf(input).first)
    kernel.prepare(input)
    const outputs = kernel.runItem(item, 9n).outputs
    expect(outputs).toEqual([{ k: String(k), factor: String(2n ** 67n - 1n) }])
    expect(isPrime(2n ** 67n - 1n)).toBe(false)
  })

  test('products of primes that the sieve knows are not reported', () => {
    expect(factorsOf({ exponent: 11, bitLo: 10, bitHi: 12, blockLog2: 8 })).toEqual([])
  })
})

test('a block of any size has the digest of the smaller blocks in it', () => {
  const job = fc.record({
    exponent: fc.integer({ min: 2 ** 20, max: 2 ** 32 - 6 }).map(nextPrime),
    bitHi: fc.integer({ min: 45, max: 80 }),
    blockLog2: fc.integer({ min: 12, max: 21 }),
    halvings: fc.integer({ min: 1, max: 6 }),
    seed: fc.bigInt(0n, (1n << 64n) - 1n),
  })
  fc.assert(
    fc.property(job, ({ halvings, seed, ...rest }) => {
      const whole = { ...rest, bitLo: rest.bitHi - 1 }
      const small = { ...whole, blockLog2: whole.blockLog2 - halvings }
      kernel.prepare(whole)
      const item = Math.min(1, mersenneTf.itemCount(whole) - 1)
      const { digest } = kernel.runItem(item, seed)
      const parts = 2 ** halvings
      const from = Number(
        ((blocksOf(whole).first + BigInt(item)) << BigInt(halvings)) - blocksOf(small).first,
      )
      fc.pre(from >= 0 && from + parts <= mersenneTf.itemCount(small))
      kernel.prepare(small)
      let sum = 0n
      for (let part = from; part < from + parts; part++) sum += kernel.runItem(part, seed).digest
      expect(BigInt.asUintN(64, sum)).toBe(digest)
    }),
    { numRuns: 60 },
  )
})
