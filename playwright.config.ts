import { defineConfig } from '@playwright/test'
import { CHROMIUM_FLAGS, ensureChromium } from './tests/browser.ts'

/** Pages against a real coordinator (tests/e2e/coordinator.ts), in a real Chromium, one at a time: two cores are enough. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  workers: 1,
  timeout: 150_000,
  forbidOnly: true,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    launchOptions: { executablePath: ensureChromium(), args: CHROMIUM_FLAGS },
  },
})
