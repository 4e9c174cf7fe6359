import { expect, test } from 'vitest'
import { benchCoordinator } from '../../bench/coordinator.ts'
import { benchItems } from '../../bench/items.ts'

/** Benches are run by hand; here only that they still run, on a small load, and find what is stored to be what was acknowledged. */

test('the bench of the coordinator runs, and its store holds what was acknowledged', async () => {
  const figures = await benchCoordinator({ hosts: 16, warmUpMs: 500, forMs: 6_000 })
  expect(figures['rowsStored']).toBeGreaterThan(0)
  expect(figures['framesPerSecond']).toBeGreaterThan(0)
})

test('the bench of items runs', async () => {
  for (const ms of Object.values(await benchItems())) expect(ms).toBeGreaterThan(0)
})
