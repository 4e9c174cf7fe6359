import { chromium } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../browser.ts'
import { withoutDawn } from '../../engines/dawnEnvironment.ts'
import type { Engine } from '../../engines/engine.ts'
import { openBrowserEngine } from '../../engines/openBrowserEngine.ts'
import { kernelConformance } from './kernelConformance.ts'

let engine: Engine
beforeAll(async () => {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...CHROMIUM_FLAGS, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    env: withoutDawn(process.env),
  })
  engine = await openBrowserEngine(browser)
})
afterAll(() => engine?.close())

test('this is Chromium on SwiftShader', () => {
  expect(engine.program).toContain('Chrome/')
  expect(engine.adapter).toMatchObject({
    vendor: 'google',
    architecture: 'swiftshader',
    fallback: true,
    level: 'core',
  })
})

kernelConformance(() => engine)
