import { chromium } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../browser.ts'
import { withoutDawn } from '../../engines/dawnEnvironment.ts'
import type { Engine } from '../../engines/engine.ts'
import { ensureLavapipe } from '../../engines/ensureLavapipe.ts'
import { openBrowserEngine } from '../../engines/openBrowserEngine.ts'
import { kernelConformance } from './kernelConformance.ts'

let engine: Engine
beforeAll(async () => {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [
      ...CHROMIUM_FLAGS,
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=opengles',
      '--use-angle=vulkan',
      '--ignore-gpu-blocklist',
      // Else the adapter does not say what it is.
      '--enable-webgpu-developer-features',
    ],
    env: { ...withoutDawn(process.env), VK_ICD_FILENAMES: ensureLavapipe() },
  })
  engine = await openBrowserEngine(browser)
})
afterAll(() => engine?.close())

test('this is Chromium in compatibility mode on lavapipe', () => {
  expect(engine.program).toContain('Chrome/')
  expect(engine.adapter).toMatchObject({ level: 'compatibility' })
  expect(engine.adapter.description).toContain('llvmpipe')
})

kernelConformance(() => engine)
