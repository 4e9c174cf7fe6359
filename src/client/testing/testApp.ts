import * as v from 'valibot'
import type { App } from '../../apps/app.ts'
import { appIdSchema } from '../../protocol/ids.ts'
import { fakeGpuKernel, fakePlan } from '../../runtime/testing/fakePlan.ts'
import {
  decodeTestOutput,
  encodeTestInput,
  testKernel,
  testKernelHash,
  type TestInput,
} from '../../runtime/testing/testKernel.ts'
import type { Apps } from '../apps.ts'

const unused = () => Promise.reject(new Error('The test app has no such part.'))
const spins = v.optional(v.number())

/**
 * Apps around the test kernel, of these ids. Their outputs are item numbers.
 * @param gpu whether they say that they have a kernel for the GPU too
 */
export async function testApps({ gpu = false, ids = ['test-app'] } = {}): Promise<Apps> {
  const known = await Promise.all(ids.map((id) => testApp(id, gpu)))
  return {
    known,
    find: (id, version) => known.find((app) => app.id === id && app.version === version),
  }
}

async function testApp(id: string, gpu: boolean): Promise<App<TestInput, number>> {
  const wasm = { backend: 'wasm', hash: await testKernelHash(), bytes: testKernel.length } as const
  return {
    id: v.parse(appIdSchema, id),
    version: 1,
    title: 'Test',
    about: 'Spins, for tests.',
    inputSchema: v.object({ spins, refusal: spins, trapItem: spins }) as v.GenericSchema<
      unknown,
      TestInput
    >,
    outputSchema: v.number(),
    itemCount: () => 1_024,
    itemCost: () => 3n,
    kernels: gpu ? [wasm, { ...wasm, backend: 'webgpu', hash: fakeGpuKernel }] : [wasm],
    gpuPlan: () => fakePlan,
    encodeInput: encodeTestInput,
    decodeOutput: decodeTestOutput,
    load: {
      async generator() {
        return { parse: () => [], seeds: { practice: () => ({ spins: 1_000 }) } }
      },
      reference: unused,
      verifier: unused,
      assimilator: unused,
      view: unused,
    },
  }
}
