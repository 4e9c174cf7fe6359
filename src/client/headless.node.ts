import { availableParallelism } from 'node:os'
import type { AppId } from '../protocol/ids.ts'
import { spawnThread } from '../runtime/wasm/spawnThread.node.ts'
import { spawnGpuProcess } from '../runtime/webgpu/spawnGpuProcess.node.ts'
import type { Contributor } from './contributor.ts'
import { createContributor } from './engine.ts'
import { fetchKernelFrom } from './fetchKernelFrom.ts'
import type { BackendPreference } from './gpuState.ts'
import { memoryStorage } from './memoryStorage.ts'
import { registeredApps } from './registeredApps.ts'
import { connectTo } from './socket.ts'
import type { ContributorStorage } from './storage.ts'

export interface HeadlessOptions {
  /** Origin of the coordinator. */
  readonly server: string | URL
  /** What `share` is a share of; all cores by default. */
  readonly threads?: number
  /** 0.05 to 1; everything by default. */
  readonly share?: number
  /** What computes. WASM alone unless the GPU is asked for: that needs the optional package `webgpu`. */
  readonly backend?: BackendPreference
  /** Of which apps, by id; all of them by default. */
  readonly apps?: readonly AppId[]
  /** Memory by default: the host's identity ends with the process. What is given here is closed by the first `stop`. */
  readonly storage?: ContributorStorage
}

/** This process as a contributor. After `await stop()` it keeps nothing alive. */
export function headlessContributor(options: HeadlessOptions): Contributor {
  const server = new URL(options.server)
  const storage = options.storage ?? memoryStorage()
  return createContributor({
    connect: () => connectTo(server),
    fetchKernel: fetchKernelFrom(server),
    spawnWorker: spawnThread,
    spawnGpuWorker: spawnGpuProcess,
    apps: registeredApps,
    cores: options.threads ?? availableParallelism(),
    share: options.share ?? 1,
    preference: options.backend ?? 'wasm',
    ...(options.apps === undefined ? {} : { chosen: options.apps }),
    openStorage: async () => storage,
    random: Math.random,
    now: () => performance.now(),
    wallClock: () => Date.now(),
  })
}
