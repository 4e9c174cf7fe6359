import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Gate } from './gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new AbortController().signal
const paced = (duty: number) => () => ({ duty, dispatchMs: 8 })

/** A gate, and the runs that it let pass, by their order. */
function watchedGate() {
  const gate = new Gate(() => performance.now())
  const passed: number[] = []
  const enter = (order: number, pace = paced(1), signal = never) =>
    gate.enter(order, pace, signal).then((admitted) => admitted && passed.push(order))
  return { gate, passed, enter }
}

test('at full duty three submissions are in flight over all runs, and the oldest run goes first', async () => {
  const { gate, passed, enter } = watchedGate()
  for (const order of [5, 1, 2, 9, 4, 4]) void enter(order)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(passed).toEqual([5, 1, 2])
  gate.leave(8, 1)
  gate.leave(8, 1)
  await vi.advanceTimersByTimeAsync(0)
  expect(passed).toEqual([5, 1, 2, 4, 4])
})

/**
 * The share of twenty seconds that a GPU works whose submissions take `workMs`, and are read back `wayBackMs` after their end, at the
 * next of the moments that come every `noticedMs`.
 */
async function shareOf(
  duty: number,
  workMs: number,
  wayBackMs: number,
  noticedMs = 0,
): Promise<number> {
  const { gate } = watchedGate()
  const begin = performance.now()
  const stop = new AbortController()
  let freeAt = begin
  let busyMs = 0
  const lane = async (order: number): Promise<void> => {
    while (await gate.enter(order, () => ({ duty, dispatchMs: workMs }), stop.signal)) {
      freeAt = Math.max(freeAt, performance.now()) + workMs
      const ended = freeAt + wayBackMs - begin
      const noticed = noticedMs === 0 ? ended : Math.ceil(ended / noticedMs) * noticedMs
      setTimeout(() => gate.leave(workMs, duty), begin + noticed - performance.now())
      busyMs += workMs
    }
  }
  const lanes = [1, 2, 3].map(lane)
  await vi.advanceTimersByTimeAsync(20_000)
  stop.abort()
  await Promise.all(lanes)
  return busyMs / 20_000
}

test.each([
  [0.05, 8],
  [0.3, 8],
  [0.4, 8],
  [0.5, 8],
  [0.6, 16],
  [0.7, 8],
  [0.8, 16],
  [0.9, 8],
  [0.95, 50],
  [1, 8],
])(
  'at a duty of %d, with %d ms each, the GPU works for that share, to 2 points, however long results take',
  async (duty, workMs) => {
    for (const wayBackMs of [0, 2, 10, 15]) {
      const off = Math.abs((await shareOf(duty, workMs, wayBackMs)) - duty)
      expect(off, `with ${wayBackMs} ms on the way back`).toBeLessThan(0.02)
    }
  },
)

test.each([0.3, 0.5, 0.7, 0.8, 0.9])(
  'at a duty of %d the GPU works for no more than that share when results are noticed together',
  async (duty) => {
    for (const workMs of [4, 8, 12]) {
      for (const noticedMs of [20, 40]) {
        const share = await shareOf(duty, workMs, 0, noticedMs)
        expect(share, `${workMs} ms each, every ${noticedMs} ms`).toBeLessThan(duty + 0.02)
      }
    }
  },
)

test('at a low duty there is one at a time, after the rest that the one before called for', async () => {
  const { gate, passed, enter } = watchedGate()
  void enter(1, paced(0.25))
  void enter(2, paced(0.25))
  await vi.advanceTimersByTimeAsync(10)
  expect(passed).toEqual([1])
  gate.leave(10, 0.25)
  await vi.advanceTimersByTimeAsync(25)
  expect(passed).toEqual([1])
  await vi.advanceTimersByTimeAsync(10)
  expect(passed).toEqual([1, 2])
})

test('time in flight that the GPU did not work counts as rest', async () => {
  const { gate, passed, enter } = watchedGate()
  void enter(1, paced(0.5))
  await vi.advanceTimersByTimeAsync(18)
  gate.leave(10, 0.5)
  void enter(2, paced(0.5))
  await vi.advanceTimersByTimeAsync(1)
  expect(passed).toEqual([1, 2])
})

test('a higher duty ends a long rest early', async () => {
  const { gate, passed, enter } = watchedGate()
  let duty = 0.001
  void enter(1, paced(duty))
  await vi.advanceTimersByTimeAsync(50)
  gate.leave(50, duty)
  void enter(2, () => ({ duty, dispatchMs: 8 }))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(passed).toEqual([1])
  duty = 1
  await vi.advanceTimersByTimeAsync(100)
  expect(passed).toEqual([1, 2])
})

test('work at full duty asks for no rest after it', async () => {
  const { gate, passed, enter } = watchedGate()
  for (let order = 0; order < 100; order++) {
    void enter(order)
    await vi.advanceTimersByTimeAsync(50)
    gate.leave(50, 1)
  }
  void enter(100, paced(0.5))
  await vi.advanceTimersByTimeAsync(0)
  expect(passed).toHaveLength(101)
})

test('nor does work at full duty that never paused', async () => {
  const { gate, passed, enter } = watchedGate()
  for (let order = 0; order < 100; order++) {
    void enter(order)
    if (order < 2) continue
    await vi.advanceTimersByTimeAsync(50)
    gate.leave(50, 1)
  }
  gate.leave(0, 1)
  gate.leave(0, 0.5)
  void enter(100, paced(0.5))
  await vi.advanceTimersByTimeAsync(0)
  expect(passed).toHaveLength(101)
})

test('who gives up is let go at once, and holds up nobody', async () => {
  const { gate, passed, enter } = watchedGate()
  void enter(1, paced(0.01))
  await vi.advanceTimersByTimeAsync(50)
  gate.leave(50, 0.01)
  const stop = new AbortController()
  const stopped = gate.enter(2, paced(0.01), stop.signal)
  void enter(3, paced(1))
  await vi.advanceTimersByTimeAsync(10)
  expect(passed).toEqual([1])
  stop.abort()
  expect(await stopped).toBe(false)
  expect(await gate.enter(2, paced(1), stop.signal)).toBe(false)
  expect(passed).toEqual([1, 3])
})
