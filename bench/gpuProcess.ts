import { dawnAdapters, dawnOn } from './dawnAdapters.ts'
import { kernelBenchOf } from './kernelBenches.ts'
import { measureGpu } from './measureGpu.ts'
import type { GpuOrder, GpuWord } from './measureGpus.ts'

/** Measures every adapter, in a process of its own: Dawn sees what the process was started with. */
process.once('message', (order: GpuOrder) => {
  void measureAll(order).then((word) => process.send?.(word, () => process.exit()))
})

async function measureAll({ app, blockLog2, forMs }: GpuOrder): Promise<GpuWord> {
  const word: GpuWord = []
  for (const adapter of await dawnAdapters()) {
    const measurement = await measureGpu(dawnOn(adapter), kernelBenchOf(app), blockLog2, forMs)
    word.push({ ...adapter, measurement })
  }
  return word
}
