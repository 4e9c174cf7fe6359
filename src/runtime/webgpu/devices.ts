import { GpuLostError, GpuUnavailableError } from '../../protocol/errors.ts'
import type { KernelHash } from '../../protocol/ids.ts'
import { pause } from '../pause.ts'
import type { AdapterDescription, GpuOpening } from './adapter.ts'
import { OpenDevice, type OpenDeviceParts } from './openDevice.ts'
import { openGpu, type GpuSource, type GpuUnavailable, type OpenedGpu } from './openGpu.ts'
import type { KernelSpeed } from './stride.ts'
import { unlessLate } from './unlessLate.ts'

export interface DevicesParts extends Omit<OpenDeviceParts, 'device' | 'speeds' | 'onLost'> {
  /** Undefined where there is none. */
  readonly gpu: GpuSource | undefined
  readonly whyNoGpu: string
}

type Opened =
  | { readonly status: 'open'; readonly device: OpenDevice; readonly adapter: AdapterDescription }
  | GpuUnavailable

/** One loss may be an accident (a driver update, a crash elsewhere); after the second the GPU is left alone. */
const MOST_LOSSES = 2
/** A browser whose GPU process crashed offers no adapter until it has started another. */
const RESTART_MS = 1_000

/** What ends the runs of an executor that is closed. */
export function closedError(): DOMException {
  return new DOMException('The executor was closed.', 'AbortError')
}

/** The device in use: opened when it is first needed, and once more after a loss. */
export class Devices {
  readonly #parts: DevicesParts
  readonly #closing = new AbortController()
  readonly #speeds = new Map<KernelHash, KernelSpeed>()
  #opened: Promise<Opened> | undefined
  #device: OpenDevice | undefined
  #losses = 0
  #lostBecause = ''

  constructor(parts: DevicesParts) {
    this.#parts = parts
  }

  get losses(): number {
    return this.#losses
  }

  async open(): Promise<GpuOpening> {
    const opened = await (this.#opened ??= this.#open())
    return opened.status === 'open' ? { status: 'open', adapter: opened.adapter } : opened
  }

  /**
   * @throws GpuUnavailableError when there is none, GpuLostError after the second loss
   * @throws DOMException `AbortError` once it is closed
   */
  async current(): Promise<OpenDevice> {
    if (this.#losses >= MOST_LOSSES) throw new GpuLostError(this.#losses, this.#lostBecause)
    if (this.#closing.signal.aborted) throw closedError()
    const opened = await (this.#opened ??= this.#open())
    if (opened.status === 'unavailable') throw new GpuUnavailableError(opened.reason, opened.why)
    return opened.device.gone ? this.current() : opened.device
  }

  close(): void {
    this.#closing.abort()
    this.#device?.close()
  }

  async #open(): Promise<Opened> {
    const { gpu, whyNoGpu } = this.#parts
    if (gpu === undefined) return { status: 'unavailable', reason: 'no-webgpu', why: whyNoGpu }
    const opened = await this.#find(gpu)
    if (opened.status === 'unavailable') return opened
    try {
      const device = await OpenDevice.open({
        ...this.#parts,
        device: opened.device,
        speeds: this.#speeds,
        onLost: (why) => this.#lose(why),
      })
      this.#device = device
      if (this.#closing.signal.aborted) device.close()
      return { ...opened, device }
    } catch (error) {
      opened.device.destroy()
      const why = error instanceof Error ? error.message : String(error)
      return { status: 'unavailable', reason: 'refused', why: `the device does not answer: ${why}` }
    }
  }

  /** After a loss it is asked for once more where there is none at first. */
  async #find(gpu: GpuSource): Promise<OpenedGpu> {
    const found = await openInTime(gpu)
    if (this.#losses === 0 || found.status === 'open' || found.reason !== 'no-adapter') return found
    await pause(RESTART_MS, this.#closing.signal)
    return openInTime(gpu)
  }

  #lose(why: string): void {
    this.#losses++
    this.#lostBecause = why
    const last = `it was lost ${this.#losses} times: ${why}`
    this.#opened =
      this.#losses < MOST_LOSSES
        ? undefined
        : Promise.resolve({ status: 'unavailable', reason: 'refused', why: last })
  }
}

function openInTime(gpu: GpuSource): Promise<OpenedGpu> {
  const opening = openGpu(gpu)
  return unlessLate(opening, () => {
    // Nobody waits any more for a device that comes after all.
    void opening.then((late) => late.status === 'open' && late.device.destroy())
    const why = 'the browser did not answer in time when it was asked for a graphics adapter'
    return { status: 'unavailable', reason: 'refused', why }
  })
}
