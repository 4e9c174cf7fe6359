import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execFileSync } from 'node:child_process'
import { chromium, type Browser, type Page } from '@playwright/test'
import { parseConfig } from '../src/server/config.ts'
import { startServer } from '../src/server/serve.ts'
import { CHROMIUM_FLAGS, ensureChromium } from '../tests/browser.ts'
import type { Figures } from './run.ts'

const VISITS = 5
const STOPS = 10

/**
 * The page in a real Chromium, against a real coordinator on this machine.
 *
 * - `firstSliceMs`: from the press to the first slice that the coordinator stored, median of fresh profiles;
 * - `jsBeforeConsentGzipBytes`: every script the page loads before the press, gzipped;
 * - `stopMs`: from the press of Stop until the page's process is idle, the worst of several.
 */
export async function benchPage(): Promise<Figures> {
  execFileSync('vite', ['build', '--logLevel', 'warn'], { stdio: 'inherit' })
  const dataDir = await mkdtemp(join(tmpdir(), 'weft-bench-page-'))
  const server = await startServer(
    parseConfig(
      {},
      { port: '0', 'data-dir': dataDir, 'log-level': 'error', 'report-every-ms': '500' },
    ),
  )
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
  try {
    const firstSlices: number[] = []
    const stops: number[] = []
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
      firstSlices.push(await firstSliceMs(page, server.address))
      for (let stop = 0; stop < STOPS / VISITS; stop++) stops.push(await stopMs(browser, page))
      await context.close()
    }
    return {
      firstSliceMs: Math.round(median(firstSlices)),
      jsBeforeConsentGzipBytes: scripts,
      stopMs: Math.round(Math.max(...stops)),
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

/**
 * Presses Stop while every worker computes, and reads the processor time of the page's process from then on: the answer is
 * when it last used more than a third of a core over 50 ms. It believes the operating system, not the page.
 */
async function stopMs(browser: Browser, page: Page): Promise<number> {
  const start = page.getByRole('button', { name: 'Lend computing time' })
  if (await start.isVisible()) await start.click()
  await page.getByText('Running', { exact: true }).waitFor()
  await page.waitForTimeout(1_000)
  const session = await browser.newBrowserCDPSession()
  const busySeconds = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const renderers = processInfo.filter(({ type }) => type === 'renderer')
    return renderers.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  }
  const samples: { at: number; busy: number }[] = []
  const pressedAt = performance.now()
  const pressed = page.getByRole('button', { name: 'Stop' }).click({ noWaitAfter: true })
  while (performance.now() - pressedAt < 1_000) {
    samples.push({ at: performance.now() - pressedAt, busy: await busySeconds() })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await pressed
  await session.detach()
  const busyAt = samples.filter(({ at, busy }) => {
    const before = samples.findLast((sample) => sample.at <= at - 50)
    return before !== undefined && (busy - before.busy) * 1_000 > (at - before.at) / 3
  })
  // A window that shows work ended at most now and began 50 ms before: the work is as old as its start at least.
  return Math.max(0, (busyAt.at(-1)?.at ?? 50) - 50)
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
