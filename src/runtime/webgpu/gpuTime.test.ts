import { expect, test } from 'vitest'
import { GpuTime } from './gpuTime.ts'
import { Stride } from './stride.ts'

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

test('a round trip that was measured too long is corrected by the first submission that takes less', () => {
  const time = new GpuTime(20)
  expect(time.msOf(unstamped(100, 103))).toBe(0)
  expect(time.msOf(unstamped(200, 212))).toBe(9)
})

test('stamps that leave a long time unexplained are not believed', () => {
  expect(new GpuTime(2).msOf(stamped(100, 402, 0n, 300_000n))).toBe(300)
  expect(new GpuTime(2).msOf(stamped(100, 402, 0n, 290_000_000n))).toBe(290)
})

/** How long submissions take, ms, that are timed by such stamps, three in flight or one; the goal is 50 ms, units take 0.05 ms. */
function timesWith(timesTooSmall: number, inFlight: number): number[] {
  const time = new GpuTime(2)
  const stride = new Stride({}, 256)
  const queue: { units: number; submittedAt: number }[] = []
  const took: number[] = []
  let now = 0
  let freeAt = 0
  for (let i = 0; i < 300; i++) {
    while (queue.length < inFlight) queue.push({ units: stride.units(50), submittedAt: now })
    const { units, submittedAt } = queue.shift() ?? { units: 0, submittedAt: 0 }
    const beganAt = Math.max(submittedAt, freeAt)
    freeAt = beganAt + units * 0.05
    now = freeAt + 2
    const stamp = (at: number): bigint => BigInt(Math.round(((1 + at) * 1e6) / timesTooSmall))
    const pass = { begin: stamp(beganAt), end: stamp(freeAt) }
    stride.measured(units, time.msOf({ submittedAt, doneAt: now, pass }), 50)
    took.push(freeAt - beganAt)
  }
  return took
}

test.each([1, 1.5, 2, 3, 8, 32, 1_000])(
  'with stamps %d times too small no submission passes 200 ms, and long ones are still made',
  (timesTooSmall) => {
    for (const inFlight of [1, 3]) {
      const took = timesWith(timesTooSmall, inFlight)
      expect(Math.max(...took)).toBeLessThan(200)
      expect(Math.max(...took.slice(-50))).toBeGreaterThan(20)
    }
  },
)

test('while a page or a device is frozen no GPU works: its stamps say what it did, or it was 2 s at most', () => {
  const hour = 3_600_000
  expect(new GpuTime(2).msOf(stamped(100, 100 + hour, 5_000_000n, 17_000_000n))).toBe(12)
  expect(new GpuTime(2).msOf(unstamped(100, 100 + hour))).toBe(2_000)
  expect(new GpuTime(2).msOf(stamped(100, 100 + hour, 5n, 5n))).toBe(2_000)
})

test.each([
  ['rounded away', 7_000_000n, 7_000_000n],
  ['missing', 0n, 0n],
  ['backwards', 9_000_000n, 8_000_000n],
  ['longer than there was time', 1n, 60_000_000_000n],
])('stamps that make no sense are not believed: %s', (_, begin, end) => {
  expect(new GpuTime(2).msOf(stamped(100, 112, begin, end))).toBe(10)
})
