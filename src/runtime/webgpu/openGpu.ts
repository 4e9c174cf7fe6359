import type { AdapterDescription, GpuOpening, GpuUnavailableReason } from './adapter.ts'

export type GpuUnavailable = Extract<GpuOpening, { status: 'unavailable' }>

/** A device with default limits and core features, and its timer where it has one; or why there is none. */
export type OpenedGpu =
  | { readonly status: 'open'; readonly device: GPUDevice; readonly adapter: AdapterDescription }
  | GpuUnavailable

/** The browser's `navigator.gpu`, or what Dawn makes in Node: as much of it as is used. */
export type GpuSource = Pick<GPU, 'requestAdapter'>

/** What every kernel needs of an adapter: workgroups of 64, and what default limits promise besides. */
const NEEDS = [
  ['maxComputeInvocationsPerWorkgroup', 64, 'invocations in a workgroup'],
  ['maxComputeWorkgroupSizeX', 64, 'invocations in a row of a workgroup'],
  ['maxComputeWorkgroupStorageSize', 16_384, 'bytes of workgroup storage'],
  ['maxComputeWorkgroupsPerDimension', 65_535, 'workgroups in a dispatch'],
  ['maxStorageBuffersPerShaderStage', 4, 'storage buffers'],
  ['maxDynamicUniformBuffersPerPipelineLayout', 1, 'uniform buffers with offsets'],
] as const

const CORE: GPURequestAdapterOptions = { powerPreference: 'high-performance' }
/** TypeScript's library does not know feature levels yet. */
const COMPATIBILITY: GPURequestAdapterOptions & { readonly featureLevel: string } = {
  featureLevel: 'compatibility',
}

/** Asks for the fastest adapter, else for one in compatibility mode, and for a device of it. Never throws. */
export async function openGpu(gpu: GpuSource): Promise<OpenedGpu> {
  let found: FoundAdapter | undefined
  try {
    found = await findAdapter(gpu)
  } catch (error) {
    return unavailable('no-adapter', `asking for a graphics adapter failed: ${messageOf(error)}`)
  }
  if (found === undefined) return unavailable('no-adapter', 'no graphics adapter is offered here')
  const { adapter, level } = found
  const missing = shortfallOf(adapter.limits)
  if (missing !== undefined) return unavailable('limits', missing)
  const timestamps = adapter.features.has('timestamp-query')
  try {
    const requiredFeatures: GPUFeatureName[] = timestamps ? ['timestamp-query'] : []
    const device = await adapter.requestDevice({ requiredFeatures })
    return { status: 'open', device, adapter: { ...describe(adapter), level, timestamps } }
  } catch (error) {
    return unavailable('refused', `the graphics adapter gave no device: ${messageOf(error)}`)
  }
}

interface FoundAdapter {
  readonly adapter: GPUAdapter
  readonly level: AdapterDescription['level']
}

/** Where the core adapter is software there may be a real one that can do less. */
async function findAdapter(gpu: GpuSource): Promise<FoundAdapter | undefined> {
  const core = await gpu.requestAdapter(CORE)
  if (core !== null && !isSoftware(core)) return { adapter: core, level: 'core' }
  const compatible = await gpu.requestAdapter(COMPATIBILITY)
  if (compatible !== null && (core === null || !isSoftware(compatible))) {
    return { adapter: compatible, level: 'compatibility' }
  }
  return core === null ? undefined : { adapter: core, level: 'core' }
}

/** Older Chromium has no `info`, and says of the adapter itself whether it is software. */
type AdapterOfAnyAge = Omit<GPUAdapter, 'info'> & {
  readonly info?: GPUAdapterInfo | undefined
  readonly isFallbackAdapter?: boolean | undefined
}

function describe(adapter: AdapterOfAnyAge): Omit<AdapterDescription, 'level' | 'timestamps'> {
  const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {}
  return { vendor, architecture, device, description, fallback: isSoftware(adapter) }
}

/** As far as it says so itself; not every browser does. */
function isSoftware({ info, isFallbackAdapter = false }: AdapterOfAnyAge): boolean {
  return info?.isFallbackAdapter ?? isFallbackAdapter
}

function shortfallOf(limits: GPUSupportedLimits): string | undefined {
  const short = NEEDS.find(([limit, need]) => limits[limit] < need)
  if (short === undefined) return undefined
  const [limit, need, what] = short
  return `the graphics adapter allows ${limits[limit]} ${what}, kernels need ${need}`
}

function unavailable(reason: GpuUnavailableReason, why: string): GpuUnavailable {
  return { status: 'unavailable', reason, why }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
