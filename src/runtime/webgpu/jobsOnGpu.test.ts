import { expect, test } from 'vitest'
import { testShaderJob } from './testing/testShader.node.ts'
import { JobsOnGpu } from './jobsOnGpu.ts'

function jobsOnGpu() {
  const log: string[] = []
  const jobs = new JobsOnGpu(async ({ key }) => {
    log.push(`bring ${spinsOf(key)}`)
    return { destroy: () => void log.push(`destroy ${spinsOf(key)}`) }
  })
  return { jobs, log }
}
const spinsOf = (key: string): string => JSON.parse(key).spins
const job = (spins: number) => testShaderJob({ spins })
const nothing = async () => undefined

test('a job is brought once and stays, and the one used longest ago goes first', async () => {
  const { jobs, log } = jobsOnGpu()
  for (const spins of [1, 2, 1, 3, 4, 5]) await jobs.use(await job(spins), nothing)
  await Promise.resolve()
  expect(log).toEqual(['bring 1', 'bring 2', 'bring 3', 'bring 4', 'bring 5', 'destroy 2'])
})

test('what a run uses is not destroyed before the run ends', async () => {
  const { jobs, log } = jobsOnGpu()
  const end = Promise.withResolvers<void>()
  const using = jobs.use(await job(1), () => end.promise)
  for (const spins of [2, 3, 4, 5, 6, 7]) await jobs.use(await job(spins), nothing)
  expect(log.filter((line) => line.startsWith('destroy'))).toEqual(['destroy 2', 'destroy 3'])
  end.resolve()
  await using
  await jobs.use(await job(1), nothing)
  expect(log).not.toContain('destroy 1')
})

test('after a failure the next user gets the job anew, and the last one to use the old one sees it out', async () => {
  const { jobs, log } = jobsOnGpu()
  const end = Promise.withResolvers<void>()
  const using = jobs.use(await job(1), () => end.promise)
  const failing = jobs.use(await job(1), () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  await jobs.use(await job(1), nothing)
  expect(log).toEqual(['bring 1', 'bring 1'])
  end.resolve()
  await using
  await Promise.resolve()
  expect(log).toEqual(['bring 1', 'bring 1', 'destroy 1'])
})
