import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'
import { canInstallPackages, downloadBrowser, installPackages } from './installPackages.ts'

/**
 * Flags for every Chromium that tests and benches start. The sandbox needs rights that root in a container lacks; the others keep
 * the browser from calling home, so that a test sees only its own requests.
 */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Where a Chromium is: named by WEFT_CHROMIUM, downloaded by Playwright, or on the PATH. */
export function findChromium(): string | undefined {
  const named = process.env['WEFT_CHROMIUM']
  if (named !== undefined) return named
  const downloaded = chromium.executablePath()
  return existsSync(downloaded) ? downloaded : findOnPath(NAMES)
}

/** The first of these programs that is on the PATH. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
}

/**
 * Finds Chromium or installs it: Debian's package where this may install packages, else Playwright's download.
 * @throws Error that says what to do when neither works
 */
export function ensureChromium(): string {
  const found = findChromium()
  if (found !== undefined) return found
  if (canInstallPackages()) installPackages('chromium')
  else downloadBrowser('chromium')
  const installed = findChromium()
  if (installed !== undefined) return installed
  throw new Error(
    'The tests need a real Chromium and could not install one. Install Chromium or Chrome, or set WEFT_CHROMIUM to its path.',
  )
}
