import { readdirSync } from 'node:fs'
import { chromium, type Browser, type Page } from '@playwright/test'
import { CHROMIUM_FLAGS, ensureChromium } from '../tests/browser.ts'
import { grew, threadTicks, type Ticks } from './threadTicks.ts'

const STOPS = 10
const WORKING_MS = 5_000
const WATCHED_MS = 1_000
/** So many ticks of 10 ms in the second before the press show that the GPU works at its half duty. */
const LEAST_TICKS = 20

/**
 * From the press of Stop until any thread of the GPU's process last used the processor, the worst of several, ms: WebGPU on the
 * CPU (SwiftShader), with "Graphics only". What is drawn by that process counts too, so this is an upper bound.
 *
 * @param address of a coordinator with work for long
 */
export async function gpuStopMs(address: string): Promise<number> {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...CHROMIUM_FLAGS, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  })
  try {
    const page = await browser.newPage()
    await page.goto(address)
    await page.getByRole('combobox', { name: 'What computes' }).selectOption('Graphics only')
    await start(page)
    await page
      .locator('weft-details .graphics', { hasText: 'it works alone' })
      .waitFor({ timeout: 60_000 })
    const gpu = await gpuProcess(browser)
    const stops: number[] = []
    for (let stop = 0; stop < STOPS; stop++) {
      await start(page)
      stops.push(await watchStop(page, gpu))
    }
    return Math.max(...stops)
  } finally {
    await browser.close()
  }
}

async function start(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Lend computing time' })
  if (await button.isVisible()) await button.click()
  await page.getByText('Running', { exact: true }).waitFor()
}

async function watchStop(page: Page, gpu: number): Promise<number> {
  await page.waitForTimeout(WORKING_MS)
  const earlier = sum(threadTicks(gpu))
  await page.waitForTimeout(1_000)
  let before = threadTicks(gpu)
  if (sum(before) - earlier < LEAST_TICKS) throw new Error('the GPU was not seen at work')
  const pressedAt = performance.now()
  const pressed = page.getByRole('button', { name: 'Stop' }).click({ noWaitAfter: true })
  let lastAt = pressedAt
  while (performance.now() - pressedAt < WATCHED_MS) {
    await new Promise((resolve) => setTimeout(resolve, 4))
    const now = threadTicks(gpu)
    if (grew(before, now)) lastAt = performance.now()
    before = now
  }
  await pressed
  await page.getByText('Stopped', { exact: true }).waitFor()
  return Math.round(lastAt - pressedAt)
}

async function gpuProcess(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const gpu = processInfo.find(({ type }) => type === 'GPU')
  if (gpu === undefined || readdirSync(`/proc/${gpu.id}/task`).length === 0) {
    throw new Error('this Chromium has no process for the GPU')
  }
  return gpu.id
}

function sum(ticks: Ticks): number {
  return [...ticks.values()].reduce((total, one) => total + one, 0)
}
