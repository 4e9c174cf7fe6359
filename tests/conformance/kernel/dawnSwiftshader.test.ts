import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../engines/engine.ts'
import { openDawn } from '../../engines/openDawn.ts'
import { kernelConformance } from './kernelConformance.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openDawn()
})
afterAll(() => engine?.close())

test('this is Dawn in Node on SwiftShader', () => {
  expect(engine.program).toMatch(/^Node /)
  expect(engine.adapter).toMatchObject({
    vendor: 'google',
    architecture: 'swiftshader',
    fallback: true,
    level: 'core',
  })
})

kernelConformance(() => engine)
