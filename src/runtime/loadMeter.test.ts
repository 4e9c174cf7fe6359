import { expect, test } from 'vitest'
import { LoadMeter } from './loadMeter.ts'

test('one of two cores, busy half the time, is a quarter of the device', () => {
  const meter = new LoadMeter(2)
  for (let i = 0; i < 100; i++) {
    meter.record({ from: i * 100, to: (i + 1) * 100, busyMs: 50, items: 2 })
  }
  expect(meter.read(10_000).busyShare).toBeCloseTo(0.25)
  expect(meter.read(10_000).itemsPerSecond).toBeCloseTo(20)
})

test('only the last seconds count, and a run that reaches into them counts in part', () => {
  const meter = new LoadMeter(1)
  meter.record({ from: 0, to: 8_000, busyMs: 8_000, items: 8 })
  expect(meter.read(8_000).busyShare).toBeCloseTo(1)
  expect(meter.read(10_000).busyShare).toBeCloseTo(0.5)
  expect(meter.read(12_000)).toEqual({ busyShare: 0, itemsPerSecond: 0 })
})

test('before anything ran, and after a reset, there is no load', () => {
  const meter = new LoadMeter(4)
  expect(meter.read(5_000)).toEqual({ busyShare: 0, itemsPerSecond: 0 })
  meter.record({ from: 0, to: 100, busyMs: 100, items: 1 })
  meter.reset()
  expect(meter.read(100)).toEqual({ busyShare: 0, itemsPerSecond: 0 })
})
