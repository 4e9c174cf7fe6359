import { setImmediate } from 'node:timers/promises'
import { loadDawn } from '../../src/runtime/webgpu/dawn.node.ts'
import { webGpuExecutor } from '../../src/runtime/webgpu/executor.ts'
import { dawnEnvironment } from './dawnEnvironment.ts'
import type { Engine } from './engine.ts'
import { PACE } from './pace.ts'
import { publishedKernel } from './publishedKernel.ts'
import { runInLanes } from './runInLanes.ts'

const never = new AbortController().signal

/**
 * The executor in this Node process, on Dawn.
 *
 * @param fetchKernel the published kernels, unless it is given
 * @throws Error that says how to start Node where Dawn has no adapter
 */
export async function openDawn(fetchKernel = publishedKernel): Promise<Engine> {
  const dawn = await loadDawn()
  if (dawn.status === 'absent') throw new Error(`${dawn.why}. ${howToStart()}`)
  const executor = webGpuExecutor({
    gpu: dawn.gpu,
    fetchKernel,
    yieldToEventLoop: () => setImmediate(),
  })
  const opening = await executor.open()
  if (opening.status === 'unavailable') throw new Error(`${opening.why}. ${howToStart()}`)
  return {
    adapter: opening.adapter,
    program: `Node ${process.version}`,
    run: (runs) => runInLanes(runs, (_lane, run) => executor.run(run, () => PACE, never)),
    async close() {
      executor.close()
    },
  }
}

function howToStart(): string {
  const variables = Object.entries(dawnEnvironment()).map(([name, value]) => `${name}=${value}`)
  return variables.length === 0
    ? 'Without a GPU, Dawn can run on the SwiftShader that comes with Chromium: install Chromium, or set WEFT_CHROMIUM to its path.'
    : `Start Node with ${variables.join(' ')}, as vitest.config.ts does.`
}
