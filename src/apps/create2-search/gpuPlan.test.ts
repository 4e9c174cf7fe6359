import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RECORD_ROOM } from '../../runtime/webgpu/result.ts'
import { gpuCanaries } from './gpuCanaries.ts'
import { gpuPlan } from './gpuPlan.ts'
import type { Input } from './input.ts'

const source = readFileSync(
  new URL('../../../shaders/create2-search/search.wgsl', import.meta.url),
  'utf8',
)

const inputs = fc
  .integer({ min: 4, max: 26 })
  .map((blockLog2): Input => ({ ...(gpuCanaries[0] as Input), blockLog2 }))

const noncesOfUnit = (input: Input) => 2 ** input.blockLog2 / gpuPlan(input).unitsPerItem

test('units cut items evenly, as the shader does', () => {
  const most = Number(/MOST_UNIT_LOG2 = (\d+)u/.exec(source)?.[1])
  fc.assert(
    fc.property(inputs, (input) => {
      expect(noncesOfUnit(input)).toBe(2 ** Math.min(most, input.blockLog2))
      expect(gpuPlan(input).unitsPerItem).toBeGreaterThanOrEqual(1)
    }),
  )
})

test('the least that is submitted has room for its records, should every nonce give one', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      expect(noncesOfUnit(input)).toBeLessThanOrEqual(RECORD_ROOM)
    }),
  )
})

test('no round has more nonces than its lanes can count', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { round, unitsPerRound } = gpuPlan(input)
      for (const { fixed, perUnit } of round) {
        const lanes = 64 * (fixed + perUnit * unitsPerRound)
        expect(unitsPerRound * noncesOfUnit(input) + lanes).toBeLessThan(2 ** 32)
      }
    }),
  )
})

test('every unit adds workgroups', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      for (const { perUnit } of gpuPlan(input).round) {
        expect(Number.isInteger(perUnit) && perUnit >= 1).toBe(true)
      }
    }),
  )
})
