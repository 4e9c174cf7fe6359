import { spawnWebWorker } from '../runtime/wasm/spawnWebWorker.ts'
import { spawnGpuWebWorker } from '../runtime/webgpu/spawnGpuWebWorker.ts'
import { browserLock } from './browserLock.ts'
import { browserStorage } from './browserStorage.ts'
import type { Contributor } from './contributor.ts'
import { createContributor } from './engine.ts'
import { fetchKernelFrom } from './fetchKernelFrom.ts'
import type { BackendPreference } from './gpuState.ts'
import { registeredApps } from './registeredApps.ts'
import { connectTo } from './socket.ts'

export interface BrowserOptions {
  /** Origin of the coordinator; the page's own by default. */
  readonly server?: string | URL
  /** The share of the device's cores and its GPU's time, 0.05 to 1; half by default. */
  readonly share?: number
  /** What computes; whatever is measured to be best by default. */
  readonly backend?: BackendPreference
}

/** This browser as a contributor. Nothing is fetched, connected or computed before `start`. */
export function browserContributor(options: BrowserOptions = {}): Contributor {
  const server = new URL(options.server ?? location.origin)
  const engine = createContributor({
    connect: () => connectTo(server),
    fetchKernel: fetchKernelFrom(server),
    spawnWorker: spawnWebWorker,
    spawnGpuWorker: spawnGpuWebWorker,
    apps: registeredApps,
    cores: navigator.hardwareConcurrency || 1,
    share: options.share ?? 0.5,
    preference: options.backend ?? 'auto',
    openStorage: browserStorage(server),
    // Missing in insecure contexts, where the engine refuses to start anyway.
    ...('locks' in navigator ? { lock: browserLock(navigator.locks) } : {}),
    random: Math.random,
    now: () => performance.now(),
    wallClock: () => Date.now(),
  })

  let resume = false
  const look = (): void => engine.setVisible(document.visibilityState === 'visible')
  look()
  document.addEventListener('visibilitychange', () => {
    look()
    // The last moment that a phone is sure to give a page.
    if (document.visibilityState === 'hidden') engine.flush()
  })
  window.addEventListener('pagehide', () => {
    resume = engine.snapshot.phase.state !== 'stopped'
    engine.leave()
  })
  window.addEventListener('pageshow', (event) => {
    if (event.persisted && resume) engine.start()
  })
  return engine
}
