import type { Browser } from '@playwright/test'
import type { Engine } from './engine.ts'
import type { EnginePage } from './page/page.ts'
import { servePage } from './servePage.ts'

/**
 * The executor in a dedicated worker of a page of this browser, which is closed with the engine.
 * @throws Error when the browser has no adapter that kernels can run on
 */
export async function openBrowserEngine(browser: Browser): Promise<Engine> {
  const served = await servePage()
  const close = async () => {
    await browser.close()
    served.close()
  }
  try {
    const page = await browser.newPage()
    await page.goto(served.address)
    const opening = await page.evaluate(() => weftEngine.open())
    if (opening.status === 'unavailable') throw new Error(opening.why)
    return {
      adapter: opening.adapter,
      program: await page.evaluate(() => navigator.userAgent),
      run: (runs) => page.evaluate((batch) => weftEngine.run(batch), runs),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The page's global. */
declare const weftEngine: EnginePage
