/** Makes the buffers of one device and sees that each is destroyed in the end. */
export class Buffers {
  readonly #device: GPUDevice
  readonly #live = new Set<GPUBuffer>()
  #closed = false

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /**
   * @param bytes at least; bindings are whole words
   * @throws Error once it is closed
   */
  create(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    if (this.#closed) throw new Error('The device is gone.')
    const size = Math.max(16, Math.ceil(bytes / 4) * 4)
    const buffer = this.#device.createBuffer({ label, size, usage })
    this.#live.add(buffer)
    return buffer
  }

  /** What was submitted still runs with it. */
  destroy(buffer: GPUBuffer): void {
    this.#live.delete(buffer)
    buffer.destroy()
  }

  close(): void {
    this.#closed = true
    for (const buffer of this.#live) buffer.destroy()
    this.#live.clear()
  }
}
