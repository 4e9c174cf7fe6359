import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { parseConfig } from '../src/server/config.ts'
import { startServer } from '../src/server/serve.ts'
import { CHROMIUM_FLAGS, ensureChromium } from './browser.ts'

/** `npm run images`: takes the pictures in docs/images, of a real page doing real work. Build the site first. */

const FOLDER = resolve(import.meta.dirname, '../docs/images')
const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
]
/** Until the page has something to show. */
const FINDS = 2

await mkdir(FOLDER, { recursive: true })
const dataDir = await mkdtemp(join(tmpdir(), 'weft-images-'))
const server = await startServer(
  parseConfig({}, { port: '0', 'data-dir': dataDir, 'log-level': 'error' }),
)
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
try {
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await take(browser, viewport, colorScheme)
    }
  }
} finally {
  await browser.close()
  await server.stop()
  await rm(dataDir, { recursive: true })
}

async function take(
  from: Browser,
  viewport: (typeof SIZES)[number],
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await from.newContext({ viewport, colorScheme })
  const page = await context.newPage()
  await page.goto(server.address)
  await page.getByText('Nothing is running').waitFor()
  const name = (what: string) => join(FOLDER, `${what}-${viewport.width}-${colorScheme}.png`)
  await page.screenshot({ path: name('offer') })
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await untilFinds(page)
  await page.screenshot({ path: name('contribute') })
  const find = page.locator('weft-find').first()
  await find.getByRole('button', { name: 'Check' }).click()
  await find.getByRole('button', { name: 'Again' }).waitFor({ timeout: 15_000 })
  // The page brings the verdict into view by itself, smoothly.
  await page.waitForTimeout(800)
  await page.screenshot({ path: name('check') })
  await context.close()
}

async function untilFinds(page: Page): Promise<void> {
  while ((await page.locator('weft-find').count()) < FINDS) await page.waitForTimeout(200)
}
