import type { Run, RunResult } from '../../src/runtime/executor.ts'
import type { AdapterDescription } from '../../src/runtime/webgpu/adapter.ts'

/** One implementation of WebGPU, started and ready: it runs kernels through the runtime's own executor. */
export interface Engine {
  readonly adapter: AdapterDescription
  /** What runs it, in its own words. */
  readonly program: string
  /** Runs them one after another. @throws the executor's errors, at the first that fails */
  run(runs: readonly Run[]): Promise<readonly RunResult[]>
  close(): Promise<void>
}
