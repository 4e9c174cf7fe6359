import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

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
  if (existsSync(downloaded)) return downloaded
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
}

/**
 * Finds Chromium or installs it: Debian's package where this may install packages, else Playwright's download.
 * @throws Error that says what to do when neither works
 */
export function ensureChromium(): string {
  const found = findChromium()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && run('apt-get', ['--version'], 'ignore')) {
    console.log('No Chromium found; installing the Debian package.')
    const environment = { DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update', '-qq'], 'inherit', environment)
    run(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
      'inherit',
      environment,
    )
  } else {
    console.log("No Chromium found; trying Playwright's download.")
    run('playwright', ['install', 'chromium'], 'inherit')
  }
  const installed = findChromium()
  if (installed !== undefined) return installed
  throw new Error(
    'The tests need a real Chromium and could not install one. Install Chromium or Chrome, or set WEFT_CHROMIUM to its path.',
  )
}

function run(
  command: string,
  args: readonly string[],
  stdio: 'ignore' | 'inherit',
  environment: Readonly<Record<string, string>> = {},
): boolean {
  const { status } = spawnSync(command, args, { stdio, env: { ...process.env, ...environment } })
  return status === 0
}
