import fc from 'fast-check'
import * as v from 'valibot'
import { expect } from 'vitest'
import type { AnyApp } from '../../../src/apps/app.ts'
import type { GpuPlan } from '../../../src/runtime/webgpu/plan.ts'
import { bytesOf } from './openKernel.ts'
import type { Subject } from './subjects.ts'

/** WebGPU's default limits, which are all that a kernel may count on. */
const MOST_WORKGROUPS = 65_535
const MOST_BYTES = 2 ** 27

/** An app plans for a GPU where it has a WGSL kernel; its plans are ones that every device can follow, and its canaries try all of the kernel. */
export async function gpuPlanLaw({ app, specimen }: Subject, read = bytesOf): Promise<void> {
  const ref = app.kernels.find(({ backend }) => backend === 'webgpu')
  expect(app.gpuPlan !== undefined, 'a `gpuPlan` is for apps with a WGSL kernel').toBe(
    ref !== undefined,
  )
  expect(app.gpuCanaries !== undefined, '`gpuCanaries` are for apps with a WGSL kernel').toBe(
    ref !== undefined,
  )
  if (ref === undefined) return
  const source = new TextDecoder('utf-8', { fatal: true }).decode(await read(ref))
  const written = new Set(
    [...source.matchAll(/@compute[^{]*?\bfn (\w+)\(/g)].map(([, name]) => name ?? ''),
  )
  const law = fc.property(specimen.jobs, ({ input }) => {
    const plan = planOf(app, input)
    expectSoundPlan(plan)
    for (const name of entryPointsOf(plan)) expect(written).toContain(name)
  })
  fc.assert(law)

  const canaries = app.gpuCanaries ?? []
  for (const input of canaries) expect(v.parse(app.inputSchema, input)).toEqual(input)
  const tried = new Set(canaries.flatMap((input) => entryPointsOf(planOf(app, input))))
  expect(tried, 'between them the canaries must run every entry point').toEqual(written)
}

function planOf(app: AnyApp, input: unknown): GpuPlan {
  const plan = app.gpuPlan?.(input)
  if (plan === undefined) throw new Error(`${app.id} has no plan`)
  return plan
}

function entryPointsOf({ prepare, round }: GpuPlan): string[] {
  return [...prepare, ...round].map(({ entryPoint }) => entryPoint)
}

function expectSoundPlan(plan: GpuPlan): void {
  const { unitsPerItem, unitsPerRound, stateBytes, scratchBytes, recordBytes } = plan
  expect(Math.log2(unitsPerItem) % 1, '`unitsPerItem` must be a power of two').toBe(0)
  expect(Number.isSafeInteger(unitsPerRound) && unitsPerRound > 0).toBe(true)
  const scratch = scratchBytes.fixed + scratchBytes.perUnit * unitsPerRound
  for (const bytes of [stateBytes, scratchBytes.fixed, scratchBytes.perUnit, recordBytes]) {
    expect(bytes % 4, 'sizes must be multiples of 4').toBe(0)
  }
  expect(Math.max(stateBytes, scratch)).toBeLessThanOrEqual(MOST_BYTES)
  const dispatched = [
    ...plan.prepare.map(({ workgroups }) => workgroups),
    ...plan.round.map(({ fixed, perUnit }) => fixed + perUnit * unitsPerRound),
  ]
  expect(Math.max(...dispatched)).toBeLessThanOrEqual(MOST_WORKGROUPS)
}
