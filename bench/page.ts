import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execFileSync } from 'node:child_process'
import { chromium, type Browser, type Page } from '@playwright/test'
import { parseConfig } from '../src/server/config.ts'
import { startServer } from '../src/server/serve.ts'
import { CHROMIUM_FLAGS, ensureChromium } from '../tests/browser.ts'
import type { Figures } from './figures.ts'
import { gpuStopMs } from './gpuStop.ts'
import { grew, threadTicks, type Ticks } from './threadTicks.ts'

const VISITS = 5
const STOPS = 10

/**
 * The page in a real Chromium, against a real coordinator on this machine.
 *
 * - `firstSliceMs`: from the press to the first slice that the coordinator stored, median of fresh profiles, everything as it
 *   is configured unless somebody says otherwise;
 * - `jsBeforeConsentGzipBytes`: every script the page loads before the press, gzipped;
 * - `stopMs`: from the press of Stop until the last worker thread used the processor, the worst of several;
 * - `quietMs`: the same for everything the page does, drawing and last acknowledgements included;
 * - `gpuStopMs`: the same for the process that does the GPU's work, when only the GPU computes.
 *
 * It reads threads from /proc, so it needs Linux.
 */
export async function benchPage(): Promise<Figures> {
  execFileSync('vite', ['build', '--logLevel', 'warn'], { stdio: 'inherit' })
  const dataDir = await mkdtemp(join(tmpdir(), 'weft-bench-page-'))
  const server = await startServer(
    parseConfig({}, { port: '0', 'data-dir': dataDir, 'log-level': 'error' }),
  )
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
  try {
    const firstSlices: number[] = []
    const stops: { stopMs: number; quietMs: number }[] = []
    let scripts = 0
    for (let visit = 0; visit < VISITS; visit++) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const loaded: string[] = []
      page.on('response', (response) => {
        if (response.request().resourceType() === 'script')
          loaded.push(new URL(response.url()).pathname)
      })
      await page.goto(server.address, { waitUntil: 'networkidle' })
      scripts = await gzipBytes(loaded)
      const clock = await processorClock(browser)
      firstSlices.push(await firstSliceMs(page, server.address))
      for (let stop = 0; stop < STOPS / VISITS; stop++) stops.push(await watchStop(clock, page))
      await clock.close()
      await context.close()
    }
    return {
      firstSliceMs: Math.round(median(firstSlices)),
      jsBeforeConsentGzipBytes: scripts,
      stopMs: Math.round(Math.max(...stops.map(({ stopMs }) => stopMs))),
      quietMs: Math.round(Math.max(...stops.map(({ quietMs }) => quietMs))),
      gpuStopMs: await gpuStopMs(server.address),
    }
  } finally {
    await browser.close()
    await server.stop()
    await rm(dataDir, { recursive: true })
  }
}

async function firstSliceMs(page: Page, address: string): Promise<number> {
  const before = await storedSlices(address)
  const pressedAt = performance.now()
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  while ((await storedSlices(address)) === before) {
    if (performance.now() - pressedAt > 30_000) throw new Error('no slice after 30 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return performance.now() - pressedAt
}

/** Work is looked for in windows of this length: systems count in ticks of 10 ms, and one tick in such a window is a tenth of a core. */
const WINDOW_MS = 100
/** So much of one core above what an idle page uses is work. */
const BUSY_CORES = 0.1
/** How long a stopped page is watched. */
const WATCHED_MS = 1_000

/**
 * Presses Stop while every worker computes, and reads from then on what the operating system says of the page's processor time; it
 * believes nothing that the page says. Both answers are upper bounds, as work is never younger than the moment it is seen:
 *
 * - `stopMs`: when the time of any worker thread was last seen to grow, by however little;
 * - `quietMs`: the end of the last window of 100 ms in which all renderers together used more than a tenth of a core above what
 *   this same page uses when it is on screen and stopped. A single tick does not count: it may have been running for up to 10 ms,
 *   at any time before it was seen.
 */
async function watchStop(
  clock: ProcessorClock,
  page: Page,
): Promise<{ stopMs: number; quietMs: number }> {
  const start = page.getByRole('button', { name: 'Lend computing time' })
  if (await start.isVisible()) await start.click()
  await page.getByText('Running', { exact: true }).waitFor()
  await page.waitForTimeout(1_000)
  const pressedAt = performance.now()
  const pressed = page.getByRole('button', { name: 'Stop' }).click({ noWaitAfter: true })
  const stopping = await clock.sample(WATCHED_MS)
  await pressed
  await page.getByText('Stopped', { exact: true }).waitFor()
  const idle = await clock.sample(WATCHED_MS)
  const idleCores = coresBetween(idle[0], idle.at(-1))
  if (idleCores > BUSY_CORES) throw new Error(`a stopped page uses ${idleCores} of a core`)
  const busy = stopping.filter((sample) => {
    const before = stopping.findLast(({ at }) => at <= sample.at - WINDOW_MS)
    return coresBetween(before, sample) > idleCores + BUSY_CORES
  })
  const working = stopping.filter(
    ({ workers }, index) => index > 0 && grew(stopping[index - 1]?.workers, workers),
  )
  if (working.length === 0) throw new Error('no worker thread was seen at work')
  return {
    stopMs: Math.max(0, (working.at(-1)?.at ?? 0) - pressedAt),
    quietMs: Math.max(0, (busy.at(-1)?.at ?? 0) - pressedAt),
  }
}

interface ProcessorSample {
  /** ms of `performance.now()`, taken when the answer was there. */
  readonly at: number
  /** Processor time of every page's process so far, ms. */
  readonly busyMs: number
  /** Of their worker threads. */
  readonly workers: Ticks
}

interface ProcessorClock {
  sample(forMs: number): Promise<ProcessorSample[]>
  close(): Promise<void>
}

async function processorClock(browser: Browser): Promise<ProcessorClock> {
  const session = await browser.newBrowserCDPSession()
  return {
    async sample(forMs) {
      const samples: ProcessorSample[] = []
      const begin = performance.now()
      while (performance.now() - begin < forMs) {
        const { processInfo } = await session.send('SystemInfo.getProcessInfo')
        const renderers = processInfo.filter(({ type }) => type === 'renderer')
        const busyMs = renderers.reduce((sum, { cpuTime }) => sum + cpuTime * 1_000, 0)
        const workers = workerTicks(renderers.map(({ id }) => id))
        samples.push({ at: performance.now(), busyMs, workers })
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return samples
    },
    close: () => session.detach(),
  }
}

/** Chromium names the thread of every dedicated worker so. */
const WORKER_THREAD = 'DedicatedWorker'

function workerTicks(processes: readonly number[]): Ticks {
  return new Map(processes.flatMap((process) => [...threadTicks(process, WORKER_THREAD)]))
}

/** How many cores were busy on average; 0 where there is nothing to compare. */
function coresBetween(from: ProcessorSample | undefined, to: ProcessorSample | undefined): number {
  if (from === undefined || to === undefined || to.at === from.at) return 0
  return (to.busyMs - from.busyMs) / (to.at - from.at)
}

async function storedSlices(address: string): Promise<number> {
  const stats = (await (await fetch(`${address}/api/stats`)).json()) as { slices: number }
  return stats.slices
}

async function gzipBytes(paths: readonly string[]): Promise<number> {
  const dist = new URL('../dist/', import.meta.url)
  const names = new Set(await readdir(dist, { recursive: true }))
  let bytes = 0
  for (const path of new Set(paths)) {
    const name = path.slice(1)
    if (!names.has(name)) throw new Error(`${path} is no file of the site`)
    bytes += gzipSync(await readFile(new URL(name, dist))).length
  }
  return bytes
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
