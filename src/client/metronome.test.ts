import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Metronome } from './metronome.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function metronome() {
  const clock = { now: 0, ticks: 0 }
  const beats = new Metronome(
    () => clock.now,
    () => clock.ticks++,
  )
  return { clock, beats }
}

test('it ticks at its interval until it is stopped', () => {
  const { clock, beats } = metronome()
  beats.start(100)
  for (; clock.now < 350; clock.now += 10) vi.advanceTimersByTime(10)
  expect(clock.ticks).toBe(3)
  beats.stop()
  vi.advanceTimersByTime(1_000)
  expect(clock.ticks).toBe(3)
})

test('where timers sleep a nudge keeps the interval, and never more than that', () => {
  const { clock, beats } = metronome()
  beats.start(100)
  for (clock.now = 10; clock.now <= 1_000; clock.now += 10) beats.nudge()
  expect(clock.ticks).toBe(10)
})

test('it can be hastened; the interval goes on from there', () => {
  const { clock, beats } = metronome()
  const pass = (ms: number) => {
    clock.now += ms
    vi.advanceTimersByTime(ms)
  }
  beats.start(1_000)
  pass(100)
  beats.hasten(300)
  beats.hasten(600)
  pass(299)
  expect(clock.ticks).toBe(0)
  pass(1)
  expect(clock.ticks).toBe(1)
  pass(999)
  expect(clock.ticks).toBe(1)
  pass(1)
  expect(clock.ticks).toBe(2)
})

test('what is hastened to now comes with the next nudge; a stopped one is not hastened', () => {
  const { clock, beats } = metronome()
  beats.hasten(0)
  beats.nudge()
  expect(clock.ticks).toBe(0)
  beats.start(1_000)
  beats.hasten(0)
  beats.nudge()
  expect(clock.ticks).toBe(1)
})

test('a nudge before the start, or after the stop, does nothing', () => {
  const { clock, beats } = metronome()
  beats.nudge()
  beats.start(100)
  beats.stop()
  clock.now = 10_000
  beats.nudge()
  expect(clock.ticks).toBe(0)
})
