import { BufferUsage, MAP_READ } from './flags.ts'
import { nudging } from './nudging.ts'

/** What a submission that computes nothing takes until the CPU can read what it left. */
export interface RoundTrip {
  readonly ms: number
  /** Whether the device must be nudged to notice that it has finished. */
  readonly sleepy: boolean
}

const TRIES = 3
/** A device that is awake answers within a few ms. */
const SLEEPY_MS = 25

/** @throws Error when the device is lost over it */
export async function measureRoundTrip(device: GPUDevice, now: () => number): Promise<RoundTrip> {
  const usage = BufferUsage.MAP_READ | BufferUsage.COPY_DST
  const buffer = device.createBuffer({ label: 'round trip', size: 16, usage })
  try {
    const ms = await bestOf(device, buffer, now, (mapping) => mapping)
    if (ms < SLEEPY_MS) return { ms, sleepy: false }
    const nudged = await bestOf(device, buffer, now, (mapping) => nudging(device.queue, mapping))
    return nudged < ms / 2 ? { ms: nudged, sleepy: true } : { ms, sleepy: false }
  } finally {
    buffer.destroy()
  }
}

async function bestOf(
  device: GPUDevice,
  buffer: GPUBuffer,
  now: () => number,
  wait: (mapping: Promise<void>) => Promise<void>,
): Promise<number> {
  const lost = device.lost.then(({ message }) => {
    throw new Error(`it was lost at once: ${message}`)
  })
  let bestMs = Infinity
  for (let i = 0; i < TRIES; i++) {
    const encoder = device.createCommandEncoder({ label: 'round trip' })
    encoder.clearBuffer(buffer)
    device.queue.submit([encoder.finish()])
    const from = now()
    await Promise.race([wait(buffer.mapAsync(MAP_READ)), lost])
    bestMs = Math.min(bestMs, now() - from)
    buffer.unmap()
  }
  return bestMs
}
