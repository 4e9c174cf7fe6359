/** What the browser, or Dawn, tells about a graphics adapter. Empty texts where it does not tell. */
export interface AdapterDescription {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
  /** A software adapter, as far as it says so itself. */
  readonly fallback: boolean
  readonly level: 'core' | 'compatibility'
  /** Whether it measures its own time. */
  readonly timestamps: boolean
}

/** Whether this device has a GPU that kernels can run on, and why not. */
export type GpuOpening =
  | { readonly status: 'open'; readonly adapter: AdapterDescription }
  | { readonly status: 'unavailable'; readonly reason: GpuUnavailableReason; readonly why: string }

/**
 * `no-webgpu`: the browser has no WebGPU here. `no-adapter`: it has, and offers no adapter. `limits`: the adapter cannot do what
 * every kernel needs. `refused`: the adapter gave no device, or nothing in time.
 */
export type GpuUnavailableReason = 'no-webgpu' | 'no-adapter' | 'limits' | 'refused'
