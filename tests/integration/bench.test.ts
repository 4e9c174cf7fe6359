import { expect, test } from 'vitest'
import { benchCoordinator } from '../../bench/coordinator.ts'
import { countOperations } from '../../bench/countOperations.ts'
import { countSurvivors } from '../../bench/countSurvivors.ts'
import { benchItems } from '../../bench/items.ts'
import { benchKernels } from '../../bench/kernels.ts'
import { compileNativeKernel } from '../../bench/nativeKernel.ts'
import { operationsPerTest } from '../../bench/operationsPerTest.ts'
import { create2Search } from '../../src/apps/create2-search/app.ts'
import { blockOf, candidateOf } from '../../src/apps/mersenne-tf/candidates.ts'
import { survives } from '../../src/apps/mersenne-tf/survives.ts'
import { bundleShaders } from '../../shaders/bundle.ts'

/** Benches are run by hand; here only that they still run, on a small load, and find what is stored to be what was acknowledged. */

test.each([
  ['sqlite', 1],
  ['postgres', 2],
] as const)(
  'the bench of the coordinator runs on %s with %i of them, and what was acknowledged is stored',
  async (store, replicas) => {
    const load = { hosts: 16, everyMs: 100, warmUpMs: 200, forMs: 1_500 }
    const figures = await benchCoordinator({
      store,
      replicas,
      load,
      ranges: { few: 1_000, many: 20_000 },
    })
    const positive = expect.toSatisfy((value) => typeof value === 'number' && value > 0)
    expect(figures).toMatchObject({
      store,
      replicas,
      framesPerSecond: positive,
      rowsStored: positive,
      cpuMsPerFrame: positive,
      costPerFrame: {
        rangesFew: 1_000,
        rangesMany: 20_000,
        cpuMsFew: positive,
        cpuMsMany: positive,
      },
    })
  },
)

test('the bench of items runs', async () => {
  for (const ms of Object.values(await benchItems())) expect(ms).toBeGreaterThan(0)
})

test('the bench of kernels runs, and what WASM, native and WebGPU compute is the same', async () => {
  const figures = await benchKernels({ blockLog2: 16, rounds: 1, gpuMs: 50 })
  const positive = expect.toSatisfy((value) => typeof value === 'number' && value > 0)
  const native = compileNativeKernel('mersenneTf.c')
  if (native.status === 'compiled') native.remove()
  const compared = native.status === 'compiled' ? positive : null
  const swiftshader = { device: expect.stringContaining('SwiftShader'), software: true }
  expect(figures).toMatchObject({
    wasm: {
      testsPerSecondPerCore: positive,
      nativeTestsPerSecond: compared,
      nativeRatio: compared,
    },
    webgpu: [
      { ...swiftshader, testsPerSecond: positive, opsPerTest: positive, shareOfIntegerPeak: null },
    ],
    create2: {
      wasm: {
        hashesPerSecondPerCore: positive,
        nativeHashesPerSecond: compared,
        nativeRatio: compared,
        nativeSimdHashesPerSecond: compared,
        nativeSimdRatio: compared,
      },
      webgpu:
        create2Search.gpuPlan === undefined ? [] : [{ ...swiftshader, hashesPerSecond: positive }],
    },
  })
})

test('survivors are counted as the reference has them', () => {
  const input = { exponent: 100_000_007, bitLo: 62, bitHi: 63, blockLog2: 11 }
  const { start, size } = blockOf(input, 5)
  const ks = Array.from({ length: Number(size) }, (_, i) => start + BigInt(i))
  const tested = ks.filter((k) => survives(candidateOf(input.exponent, k)))
  expect(countSurvivors(input, 5)).toBe(tested.length)
})

test('every operator of a function counts once, comments and other functions not at all', () => {
  const wgsl = `
    fn other() -> u32 { return 1u + 2u; }
    fn squareIt(x: u32, f: u32) -> u32 {
      let y = x * x + (f >> 3u); // x * x
      return (y & 7u) - (x << 1u);
    }`
  expect(countOperations(wgsl, 'squareIt')).toBe(6)
  expect(() => countOperations(wgsl, 'square')).toThrow('no function square')
})

test('a test of 5 limbs takes 29 squarings for 32 bits of p, as the first 3 are in the start', () => {
  const wgsl = String(bundleShaders('mersenne-tf'))
  const squaring = countOperations(wgsl, 'square5')
  // 45 products, and something must be done with each.
  expect(squaring).toBeGreaterThan(2 * 45)
  const input = { exponent: 2_147_483_659, bitLo: 62, bitHi: 63, blockLog2: 23 }
  expect(operationsPerTest(wgsl, input)).toBe(29 * squaring)
})
