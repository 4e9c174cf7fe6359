import { expect, test } from 'vitest'
import { GpuTime } from './gpuTime.ts'

const unstamped = (submittedAt: number, doneAt: number) => ({
  submittedAt,
  doneAt,
  pass: undefined,
})
const stamped = (submittedAt: number, doneAt: number, begin: bigint, end: bigint) => ({
  submittedAt,
  doneAt,
  pass: { begin, end },
})

test('without stamps, a submission to an idle GPU took what it took less an empty round trip', () => {
  const time = new GpuTime(2)
  expect(time.msOf(unstamped(100, 112))).toBe(10)
  expect(time.msOf(unstamped(200, 201))).toBe(0)
})

test('without stamps, a submission behind another took from one result to the next', () => {
  const time = new GpuTime(2)
  time.msOf(unstamped(100, 112))
  expect(time.msOf(unstamped(101, 120))).toBe(8)
  expect(time.msOf(unstamped(102, 125))).toBe(5)
})

test('with stamps, the GPU’s own clock counts', () => {
  const time = new GpuTime(2)
  expect(time.msOf(stamped(100, 130, 5_000_000n, 12_000_000n))).toBe(7)
})

test('a pass that is stamped as begun before the one before it ended counts from that end', () => {
  const time = new GpuTime(2)
  time.msOf(stamped(100, 110, 1_000_000n, 9_000_000n))
  expect(time.msOf(stamped(100, 114, 2_000_000n, 13_000_000n))).toBe(4)
})

test('stamps that call a long time short are not believed: strides would grow without end', () => {
  expect(new GpuTime(2).msOf(stamped(100, 402, 0n, 300_000n))).toBe(300)
})

test.each([
  ['rounded away', 7_000_000n, 7_000_000n],
  ['missing', 0n, 0n],
  ['backwards', 9_000_000n, 8_000_000n],
  ['longer than there was time', 1n, 60_000_000_000n],
])('stamps that make no sense are not believed: %s', (_, begin, end) => {
  expect(new GpuTime(2).msOf(stamped(100, 112, begin, end))).toBe(10)
})
