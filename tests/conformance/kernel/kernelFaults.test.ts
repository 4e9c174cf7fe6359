import { expect, onTestFinished, test } from 'vitest'
import type { AnyApp } from '../../../src/apps/app.ts'
import { mersenneTf } from '../../../src/apps/mersenne-tf/app.ts'
import { kernelHashOf } from '../../../src/protocol/ids.ts'
import { openDawn } from '../../engines/openDawn.ts'
import { bytesOf } from '../app/openKernel.ts'
import { differences, type Question } from './differences.ts'
import { hardQuestions } from './hardQuestions.ts'

/** What is made wrong in the kernel, what stands there, and what is put there. */
const FAULTS = [
  ['a constant of the hash', '0x85ebca6bu', '0x85ebca6du'],
  ['half of the seed', 'mixWord(work.seed,', 'mixWord(vec2(work.seed.x, 0u),'],
  ['a carry between words', 'a.y + b.y + select(0u, 1u, low < a.x)', 'a.y + b.y'],
  ['the high word of a remainder', 'var r = a.y % q;', 'var r = a.y;'],
  ['the last k', 'a.y == b.y && a.x < b.x', 'a.y == b.y && a.x <= b.x'],
  ['factors that are sieve primes, of some p', 'p < 32768u', 'p < 32159u'],
  ['a prime of the sieve', 'i < FREQUENT; i++', 'i < FREQUENT - 1u; i++'],
  ['a doubling of the start', 'i < e; i++', 'i + 1u < e; i++'],
  ['a carry of 4 limbs', 'm3 * f.x3 + (c5 >> 14u)', 'm3 * f.x3'],
  ['a product of 5 limbs', 'x.x2 * z4 + x.x3 * y3 + m2', 'x.x2 * z4 + m2'],
  ['the width of 6 limbs', 'pathOf(c, 84u)', 'pathOf(c, 83u)'],
  ['units that begin a round within a segment', '((work.unit.x & 1u) + unit) >> 1u', 'unit >> 1u'],
] as const
/** Asked at once: a fault is mostly found among the first. */
const SOME = 40

test.each(FAULTS)('a kernel that gets %s wrong is found out', async (_what, right, wrong) => {
  const { app, bytes } = await kernelWith(right, wrong)
  const engine = await openDawn(async () => bytes)
  onTestFinished(() => engine.close())
  const fewestFirst = hardQuestions(app).toSorted((a, b) => itemsOf(a) - itemsOf(b))
  for (const question of fewestFirst) {
    for (let at = 0; at < question.runs.length; at += SOME) {
      const runs = question.runs.slice(at, at + SOME)
      if ((await differences(engine, { ...question, runs })).length > 0) return
    }
  }
  expect.fail('no law noticed')
})

function itemsOf({ runs }: Question): number {
  return runs.reduce((sum, { count }) => sum + count, 0)
}

/** The app, with a kernel in which one text is replaced by another. */
async function kernelWith(
  right: string,
  wrong: string,
): Promise<{ app: AnyApp; bytes: Uint8Array<ArrayBuffer> }> {
  const published = mersenneTf.kernels.find(({ backend }) => backend === 'webgpu')
  if (published === undefined) throw new Error('there is no WGSL kernel')
  const source = new TextDecoder().decode(await bytesOf(published))
  expect(source, 'this part of the kernel has changed').toContain(right)
  const bytes = new TextEncoder().encode(source.replace(right, wrong))
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  const kernel = { ...published, hash: kernelHashOf(new Uint8Array(digest)) }
  const others = mersenneTf.kernels.filter((ref) => ref !== published)
  return { app: { ...mersenneTf, kernels: [...others, kernel] }, bytes }
}
