import { firefox } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withoutDawn } from '../../engines/dawnEnvironment.ts'
import type { Engine } from '../../engines/engine.ts'
import { ensureFirefox } from '../../engines/ensureFirefox.ts'
import { ensureLavapipe } from '../../engines/ensureLavapipe.ts'
import { openBrowserEngine } from '../../engines/openBrowserEngine.ts'
import { kernelConformance } from './kernelConformance.ts'

let engine: Engine
beforeAll(async () => {
  const browser = await firefox.launch({
    ...ensureFirefox(),
    firefoxUserPrefs: { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true },
    // The only driver that it can find: Firefox does not tell what an adapter is.
    env: { ...withoutDawn(process.env), VK_ICD_FILENAMES: ensureLavapipe() },
  })
  engine = await openBrowserEngine(browser)
})
afterAll(() => engine?.close())

test('this is Firefox, with its own WebGPU, on a driver that runs on the processor', () => {
  expect(engine.program).toMatch(/Gecko\/.*Firefox\//)
  expect(engine.adapter).toMatchObject({ fallback: true, level: 'core' })
})

kernelConformance(() => engine)
