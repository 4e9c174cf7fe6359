import { WeftError } from '../../protocol/errors.ts'
import type { Run } from '../executor.ts'
import type { RunReply } from '../remoteExecutor.ts'
import { spawnThread } from '../wasm/spawnThread.node.ts'
import type { AdapterDescription, GpuOpening } from '../webgpu/adapter.ts'
import type { GpuWorkerHandle, SpawnGpuWorker } from '../worker.ts'
import { testKernel } from './testKernel.ts'

export const fakeAdapter: AdapterDescription = {
  vendor: 'Test',
  architecture: '',
  device: '',
  description: 'A thread that says it is a GPU',
  fallback: false,
  level: 'core',
  timestamps: false,
}

export interface FakeGpuParts {
  readonly opening?: () => Promise<GpuOpening>
  /** What goes wrong with a run, the first one being 0: it fails with an error, or the worker dies of it. */
  readonly mishap?: (nth: number) => WeftError | 'dies' | undefined
  /** Whether its digests are wrong; the id of an app, if only that one's are. */
  readonly wrong?: boolean | string
  /** How many times as long as it took it says that a run took. */
  readonly slower?: number
}

export interface FakeGpu {
  readonly spawn: SpawnGpuWorker
  /** Workers that were started and neither died nor were ended. */
  readonly alive: number
  readonly runs: number
  die(): void
}

/** A GPU for tests: a thread that runs the test kernel in WASM behind the GPU's worker's interface. */
export function fakeGpu(parts: FakeGpuParts = {}): FakeGpu {
  let alive = 0
  let runs = 0
  let kill: (() => void) | undefined

  function spawn(): GpuWorkerHandle {
    const thread = spawnThread()
    let live = true
    alive++
    const end = (): void => {
      if (live) alive--
      live = false
      thread.terminate()
    }
    kill = end

    async function run(lane: number, asked: Run): Promise<RunReply> {
      const nth = runs++
      const mishap = parts.mishap?.(nth)
      if (mishap === 'dies') end()
      if (mishap instanceof WeftError) return { status: 'failed', error: mishap.toData() }
      await thread.remote.load(asked.job.wasm, testKernel)
      const reply = await thread.remote.run(lane, asked)
      if (reply.status !== 'done') return reply
      const { digest, busyMs } = reply.result
      return {
        ...reply,
        result: {
          ...reply.result,
          digest: [true, asked.job.app].includes(parts.wrong ?? false) ? digest ^ 1n : digest,
          busyMs: busyMs * (parts.slower ?? 1),
        },
      }
    }

    const remote = {
      open: parts.opening ?? (async () => ({ status: 'open', adapter: fakeAdapter })),
      load: async () => undefined,
      run,
      setPace: (pace: Parameters<typeof thread.remote.setPace>[0]) => thread.remote.setPace(pace),
      abort: (lane: number) => thread.remote.abort(lane),
    }
    return {
      // Comlink's own members are used by nobody.
      remote: remote as unknown as GpuWorkerHandle['remote'],
      onLost: (lost) => thread.onLost(lost),
      terminate: end,
    }
  }

  return {
    spawn,
    get alive() {
      return alive
    },
    get runs() {
      return runs
    },
    die: () => kill?.(),
  }
}
