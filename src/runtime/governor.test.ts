import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clampShare, govern } from './governor.ts'

const shares = fc.double({ min: 0.05, max: 1, noNaN: true })
const coreCounts = fc.integer({ min: 1, max: 256 })

test('workers times duty is the share of the cores that was allowed', () => {
  fc.assert(
    fc.property(shares, coreCounts, (share, cores) => {
      const { workers, duty } = govern({ share, cores })
      expect(workers * duty).toBeCloseTo(share * cores, 6)
      expect(duty).toBeGreaterThan(0)
      expect(duty).toBeLessThanOrEqual(1)
    }),
  )
})

test('no fewer workers could do it, and there is never more than one per core', () => {
  fc.assert(
    fc.property(shares, coreCounts, (share, cores) => {
      const { workers } = govern({ share, cores })
      expect(workers).toBeLessThanOrEqual(cores)
      if (workers > 1) expect(workers - 1).toBeLessThan(share * cores)
    }),
  )
})

test('three tenths of ten cores are three full workers, rounding errors or not', () => {
  expect(govern({ share: 0.3, cores: 10 })).toEqual({ workers: 3, duty: 1, gpu: 0 })
})

test('a share outside 0.05 to 1 is clamped', () => {
  expect([-1, 0, 0.04, 0.5, 7, Number.NaN].map(clampShare)).toEqual([
    0.05, 0.05, 0.05, 0.5, 1, 0.05,
  ])
})

test('the GPU gets the share as its duty, and alone it leaves no worker', () => {
  const allowed = { share: 0.3, cores: 10 }
  expect(govern({ ...allowed, backends: ['wasm', 'webgpu'] })).toEqual({
    workers: 3,
    duty: 1,
    gpu: 0.3,
  })
  expect(govern({ ...allowed, backends: ['webgpu'] })).toEqual({ workers: 0, duty: 1, gpu: 0.3 })
})
