import { expect, test } from 'vitest'
import { gpuCanaries } from './gpuCanaries.ts'
import { gpuPlan } from './gpuPlan.ts'
import { reference } from './reference.ts'

test('the item that is run has several units and some shares, but few', () => {
  for (const input of gpuCanaries) {
    expect(gpuPlan(input).unitsPerItem).toBeGreaterThan(1)
    const { outputs } = reference.runItem(input, Math.floor(input.items / 2), 1n)
    expect(outputs.length).toBeGreaterThan(10)
    expect(outputs.length).toBeLessThan(200)
  }
})
