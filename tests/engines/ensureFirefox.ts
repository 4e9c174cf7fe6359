import { existsSync } from 'node:fs'
import { firefox, type LaunchOptions } from '@playwright/test'
import { findOnPath } from '../browser.ts'
import { canInstallPackages, downloadBrowser, installPackages } from '../installPackages.ts'

/** What Playwright needs to start a Firefox: its own build as it is, any other by the standard protocol (WebDriver BiDi). */
export type FirefoxProgram = Pick<LaunchOptions, 'executablePath' | 'channel'>

/**
 * Finds Firefox or installs it: named by WEFT_FIREFOX, on the PATH, Debian's package where this may install packages, else
 * Playwright's download.
 * @throws Error that says what to do when none works
 */
export function ensureFirefox(): FirefoxProgram {
  const found = findFirefox()
  if (found !== undefined) return found
  if (canInstallPackages()) installPackages('firefox-esr')
  else downloadBrowser('firefox')
  const installed = findFirefox()
  if (installed !== undefined) return installed
  throw new Error(
    'The kernels are tested in Firefox too, and it could not be installed. Install Firefox, or set WEFT_FIREFOX to its path.',
  )
}

function findFirefox(): FirefoxProgram | undefined {
  const given = process.env['WEFT_FIREFOX'] ?? findOnPath(['firefox-esr', 'firefox'])
  if (given !== undefined) return { executablePath: given, channel: 'moz-firefox' }
  const downloaded = firefox.executablePath()
  return existsSync(downloaded) ? { executablePath: downloaded } : undefined
}
