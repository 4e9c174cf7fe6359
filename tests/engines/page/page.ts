import type { Run, RunResult } from '../../../src/runtime/executor.ts'
import { kernelFile } from '../../../src/runtime/kernelFile.ts'
import type { GpuOpening } from '../../../src/runtime/webgpu/adapter.ts'
import { spawnGpuWebWorker } from '../../../src/runtime/webgpu/spawnGpuWebWorker.ts'
import { PACE } from '../pace.ts'
import { runInLanes } from '../runInLanes.ts'

/** What a test calls in the page: the dedicated worker that contributes in production, without the pool around it. */
export interface EnginePage {
  open(): Promise<GpuOpening>
  run(runs: readonly Run[]): Promise<RunResult[]>
}

const worker = spawnGpuWebWorker()
const broken = new Promise<never>((_resolve, reject) => {
  worker.onLost((why) => reject(new Error(`the worker broke: ${why}`)))
})
// Whoever waits for an answer sees it.
broken.catch(() => undefined)
const loaded = new Set<string>()

async function load({ job }: Run): Promise<void> {
  const hash = job.webgpu?.kernel
  if (hash === undefined || loaded.has(hash)) return
  const answer = await fetch(`/kernels/${kernelFile('webgpu', hash)}`)
  if (!answer.ok) throw new Error(`there is no kernel ${hash}`)
  await worker.remote.load(hash, new Uint8Array(await answer.arrayBuffer()))
  loaded.add(hash)
}

async function runIn(lane: number, run: Run): Promise<RunResult> {
  const reply = await Promise.race([worker.remote.run(lane, run), broken])
  if (reply.status === 'done') return reply.result
  throw new Error(reply.status === 'failed' ? reply.error.message : 'the run was ended')
}

const page: EnginePage = {
  async open() {
    await worker.remote.setPace(PACE)
    return Promise.race([worker.remote.open(), broken])
  },
  async run(runs) {
    for (const run of runs) await load(run)
    return runInLanes(runs, runIn)
  },
}
Object.assign(globalThis, { weftEngine: page })
