import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Devices } from './devices.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const pending = new Promise<never>(() => undefined)
const nothing = (): void => undefined

/** A device that computes nothing and answers at once, until it is destroyed. */
function idleDevice() {
  const lost = Promise.withResolvers<{ reason: string; message: string }>()
  const encoder = { clearBuffer: nothing, finish: () => ({}) }
  const device = {
    lost: lost.promise,
    features: new Set<string>(),
    queue: { submit: nothing },
    createBuffer: () => ({ mapAsync: async () => undefined, unmap: nothing, destroy: nothing }),
    createBindGroupLayout: () => ({}),
    createCommandEncoder: () => encoder,
    addEventListener: nothing,
    destroy: vi.fn<() => void>(() => lost.resolve({ reason: 'destroyed', message: '' })),
  }
  return device
}

function adapterOf(device: unknown): GPUAdapter {
  const limits = new Proxy({}, { get: () => 65_535 })
  const requestDevice = () => device
  return { limits, features: new Set<string>(), requestDevice } as unknown as GPUAdapter
}

/** Devices of a browser that answers each time it is asked for an adapter with the next of these, then with the last again. */
function devicesOf(...answers: readonly (Promise<GPUAdapter | null> | GPUAdapter | null)[]) {
  let asked = 0
  const devices = new Devices({
    gpu: { requestAdapter: async () => answers[Math.min(asked++, answers.length - 1)] ?? null },
    whyNoGpu: '',
    fetchKernel: () => pending,
    now: () => performance.now(),
    onError: nothing,
  })
  return { devices, asked: () => asked }
}

test('a result that never comes back counts as a loss, and ends what waits for it', async () => {
  const { devices } = devicesOf(adapterOf(idleDevice()), adapterOf(idleDevice()))
  const device = await devices.current()
  const staging = { mapAsync: () => pending } as unknown as GPUBuffer
  const waits = [device.readable(staging, 16), device.readable(staging, 16)]
  const ended = Promise.allSettled(waits)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await ended).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  expect(device.gone).toBe(true)
  expect(devices.losses).toBe(1)
  const next = await devices.current()
  expect(next).not.toBe(device)
})

test('a browser that never answers has no GPU, and a device that comes too late is destroyed', async () => {
  const late = Promise.withResolvers<GPUAdapter>()
  const device = idleDevice()
  const { devices } = devicesOf(late.promise)
  const opening = devices.open()
  await vi.advanceTimersByTimeAsync(10_000)
  const why = expect.stringMatching(/not answer in time/)
  expect(await opening).toEqual({ status: 'unavailable', reason: 'refused', why })
  late.resolve(adapterOf(device))
  await vi.advanceTimersByTimeAsync(0)
  expect(device.destroy).toHaveBeenCalledOnce()
})

test('a device whose first submission never ends is none', async () => {
  const device = {
    ...idleDevice(),
    createBuffer: () => ({ mapAsync: () => pending, destroy: nothing }),
  }
  const { devices } = devicesOf(adapterOf(device))
  const opening = devices.open()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await opening).toMatchObject({ status: 'unavailable', reason: 'refused' })
  expect(device.destroy).toHaveBeenCalledOnce()
})

test('after a loss the browser has a second to offer an adapter again; before one it is asked once', async () => {
  const first = idleDevice()
  const back = devicesOf(adapterOf(first), null, null, adapterOf(idleDevice()))
  await back.devices.open()
  first.destroy()
  await vi.advanceTimersByTimeAsync(0)
  expect(back.devices.losses).toBe(1)
  const again = back.devices.open()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await again).toMatchObject({ status: 'open' })

  const never = devicesOf(null)
  expect(await never.devices.open()).toMatchObject({ reason: 'no-adapter' })
  // One core adapter, one in compatibility mode.
  expect(never.asked()).toBe(2)
})

test('an adapter that stays away after a loss is not asked for for ever', async () => {
  const first = idleDevice()
  const { devices, asked } = devicesOf(adapterOf(first), null)
  await devices.open()
  first.destroy()
  await vi.advanceTimersByTimeAsync(0)
  const again = devices.open()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await again).toMatchObject({ status: 'unavailable', reason: 'no-adapter' })
  expect(asked()).toBe(5)
})
