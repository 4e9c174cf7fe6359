import { fork } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { loadDawn } from '../src/runtime/webgpu/dawn.node.ts'
import { bytesOf } from '../tests/conformance/app/openKernel.ts'
import { kernelOf } from '../tests/conformance/kernel/jobOf.ts'
import { dawnEnvironment } from '../tests/engines/dawnEnvironment.ts'
import { capitalized } from './capitalized.ts'
import type { DawnAdapter } from './dawnAdapters.ts'
import type { Figures } from './figures.ts'
import { integerPeak } from './integerPeak.ts'
import type { AnyKernelBench } from './kernelBench.ts'
import { kernelBenchOf } from './kernelBenches.ts'
import type { GpuMeasurement } from './measureGpu.ts'

/** What the process that measures is told. */
export interface GpuOrder {
  /** Whose kernel. */
  readonly app: string
  readonly blockLog2: number
  /** How long each adapter works on each input, ms. */
  readonly forMs: number
}

/** What it tells. */
export type GpuWord = (DawnAdapter & { readonly measurement: GpuMeasurement })[]

/**
 * Every adapter that Dawn offers here, and SwiftShader where a Chromium brings it; says so where there is none. Empty for an app
 * without a WGSL kernel.
 */
export async function measureGpus(order: GpuOrder): Promise<Figures[]> {
  const bench = kernelBenchOf(order.app)
  if (bench.app.gpuPlan === undefined) return []
  const dawn = await loadDawn()
  if (dawn.status === 'absent') {
    console.log(`webgpu: nothing was measured: ${dawn.why}.`)
    return []
  }
  const wgsl = new TextDecoder().decode(await bytesOf(kernelOf(bench.app, 'webgpu')))
  const adapters = await inItsProcess(order)
  if (adapters.length === 0) {
    console.log('webgpu: Dawn offers no graphics adapter in Node here; nothing was measured.')
  }
  return adapters.flatMap(({ name, backend, measurement }) => {
    const device = `${name} (${backend})`
    if (measurement.status === 'unavailable') {
      console.log(`webgpu: ${device} was not measured: ${measurement.why}.`)
      return []
    }
    const peak = integerPeak(name)
    if (peak !== undefined) console.log(`peak of ${name}: ${peak.perSecond}/s; ${peak.source}`)
    const speeds = bench.inputs(order.blockLog2).map((input, index) => ({
      ...speedFigures(bench, wgsl, input, measurement.perSecond[index] ?? 0, peak?.perSecond),
      input: bench.nameOf(input),
    }))
    const [main, ...more] = speeds
    const { fallback: software, level } = measurement.adapter
    return [{ device, ...main, software, level, more }]
  })
}

/** @param peak how many operations a second the device can do, where that is known */
function speedFigures(
  bench: AnyKernelBench,
  wgsl: string,
  input: unknown,
  perSecond: number,
  peak: number | undefined,
): Figures {
  const speed = { [`${bench.unit.many}PerSecond`]: perSecond }
  if (bench.operations === undefined) return speed
  const each = bench.operations(wgsl, input)
  const share = peak === undefined ? null : (perSecond * each) / peak
  return {
    ...speed,
    [`opsPer${capitalized(bench.unit.one)}`]: each,
    shareOfIntegerPeak: share === null ? null : Math.round(1_000 * share) / 1_000,
  }
}

async function inItsProcess(order: GpuOrder): Promise<GpuWord> {
  const child = fork(join(import.meta.dirname, 'gpuProcess.ts'), { env: environment() })
  const word = new Promise<GpuWord>((resolve, reject) => {
    child.once('message', (told) => resolve(told as GpuWord))
    child.once('exit', (code) => reject(new Error(`the process that measures ended with ${code}`)))
  })
  child.send(order)
  return word
}

/** The system's drivers, and SwiftShader beside them. */
function environment(): NodeJS.ProcessEnv {
  const { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: swiftshader } = dawnEnvironment()
  if (folder === undefined || swiftshader === undefined) return process.env
  const folders = [process.env['LD_LIBRARY_PATH'], folder].filter((one) => one !== undefined)
  return {
    ...process.env,
    LD_LIBRARY_PATH: folders.join(delimiter),
    VK_ADD_DRIVER_FILES: swiftshader,
  }
}
