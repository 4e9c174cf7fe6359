import { describe, expect, onTestFinished, test } from 'vitest'
import type { AnyApp } from '../../../src/apps/app.ts'
import { kernelHashOf } from '../../../src/protocol/ids.ts'
import { openDawn } from '../../engines/openDawn.ts'
import { bytesOf } from '../app/openKernel.ts'
import { subjectsOnGpu } from '../app/subjects.ts'
import { differences, type Question } from './differences.ts'
import { hardQuestions } from './hardQuestions.ts'
import { kernelOf } from './jobOf.ts'

/** Asked at once: a fault is mostly found among the first. */
const SOME = 40
/** Fewer say little about the laws. */
const FEWEST = 10

describe.each(subjectsOnGpu)('$name', (subject) => {
  const { app, specimen } = subject
  const { faults = [] } = specimen

  test('enough is made wrong', () => {
    expect(
      faults.length,
      `the specimen of ${app.id} needs ${FEWEST} faults of its WGSL kernel`,
    ).toBeGreaterThanOrEqual(FEWEST)
  })

  test.each(faults)('a kernel that gets %s wrong is found out', async (_what, right, wrong) => {
    const { faulty, bytes } = await withFault(app, right, wrong)
    const engine = await openDawn(async () => bytes)
    onTestFinished(() => engine.close())
    const questions = hardQuestions({ ...subject, app: faulty })
    for (const question of questions.toSorted(quickestFirst)) {
      for (let at = 0; at < question.runs.length; at += SOME) {
        const runs = question.runs.slice(at, at + SOME)
        if ((await differences(engine, { ...question, runs })).length > 0) return
      }
    }
    expect.fail('no law noticed')
  })
})

/** Where items are large, a few are more work than all others. */
function quickestFirst(a: Question, b: Question): number {
  return Number(a.large ?? false) - Number(b.large ?? false) || itemsOf(a) - itemsOf(b)
}

function itemsOf({ runs }: Question): number {
  return runs.reduce((sum, { count }) => sum + count, 0)
}

/** The app, with a kernel in which one text is replaced by another. */
async function withFault(
  app: AnyApp,
  right: string,
  wrong: string,
): Promise<{ faulty: AnyApp; bytes: Uint8Array<ArrayBuffer> }> {
  const published = kernelOf(app, 'webgpu')
  const source = new TextDecoder().decode(await bytesOf(published))
  expect(source, 'this part of the kernel has changed').toContain(right)
  const bytes = new TextEncoder().encode(source.replace(right, () => wrong))
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  const kernel = { ...published, hash: kernelHashOf(new Uint8Array(digest)) }
  const others = app.kernels.filter((ref) => ref !== published)
  return { faulty: { ...app, kernels: [...others, kernel] }, bytes }
}
