import { expect, test } from 'vitest'
import type { Backend } from './executor.ts'
import { LoadMeter } from './loadMeter.ts'

const idle: ReadonlySet<Backend> = new Set()
const none = { busyShare: 0, gpuBusyShare: 0, itemsPerSecond: 0 }

test('one of two cores, busy half the time, is a quarter of the device', () => {
  const meter = new LoadMeter(2)
  for (let i = 0; i < 100; i++) {
    meter.record({ backend: 'wasm', from: i * 100, to: (i + 1) * 100, busyMs: 50, items: 2 })
  }
  expect(meter.read(10_000, idle).busyShare).toBeCloseTo(0.25)
  expect(meter.read(10_000, idle).itemsPerSecond).toBeCloseTo(20)
})

test('only the last seconds count, and a run that reaches into them counts in part', () => {
  const meter = new LoadMeter(1)
  meter.record({ backend: 'wasm', from: 0, to: 8_000, busyMs: 8_000, items: 8 })
  expect(meter.read(8_000, idle).busyShare).toBeCloseTo(1)
  expect(meter.read(10_000, idle).busyShare).toBeCloseTo(0.5)
  expect(meter.read(12_000, idle)).toEqual(none)
})

test('before anything ran, and after a reset, there is no load', () => {
  const meter = new LoadMeter(4)
  expect(meter.read(5_000, idle)).toEqual(none)
  meter.record({ backend: 'wasm', from: 0, to: 100, busyMs: 100, items: 1 })
  meter.reset()
  expect(meter.read(100, idle)).toEqual(none)
})

test('the GPU is measured by itself: it takes nothing from the share of the cores', () => {
  const meter = new LoadMeter(2)
  for (let i = 0; i < 10; i++) {
    const [from, to] = [i * 100, (i + 1) * 100]
    meter.record({ backend: 'wasm', from, to, busyMs: 100, items: 1 })
    meter.record({ backend: 'webgpu', from, to, busyMs: 30, items: 9 })
  }
  expect(meter.read(1_000, idle)).toEqual({
    busyShare: 0.5,
    gpuBusyShare: 0.3,
    itemsPerSecond: 100,
  })
})

test('in the middle of a long run it tells of the time up to the last one; afterwards, of the rest as well', () => {
  const meter = new LoadMeter(1)
  for (let i = 0; i < 4; i++) {
    const [from, to] = [i * 3_000, (i + 1) * 3_000]
    meter.record({ backend: 'webgpu', from, to, busyMs: 1_500, items: 3 })
  }
  const atWork = new Set<Backend>(['webgpu'])
  expect(meter.read(14_900, atWork)).toEqual({ busyShare: 0, gpuBusyShare: 0.5, itemsPerSecond: 1 })
  expect(meter.read(14_000, idle).gpuBusyShare).toBeCloseTo(0.25)
  expect(meter.read(16_000, idle)).toEqual(none)
})

test('runs that wait for each other on the GPU count when they were worked on, not while they waited', () => {
  const meter = new LoadMeter(2)
  for (let run = 0; run < 12; run++) {
    const to = 1_000 * (run + 1)
    meter.record({ backend: 'webgpu', from: Math.max(0, to - 3_000), to, busyMs: 300, items: 4 })
  }
  const load = meter.read(12_000, new Set(['webgpu']))
  expect(load.gpuBusyShare).toBeCloseTo(0.3, 5)
  expect(load.itemsPerSecond).toBeCloseTo(4, 5)
})
