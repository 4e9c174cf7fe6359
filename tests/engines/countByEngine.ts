import { basename } from 'node:path'

/** The engines that kernels must agree in, and the file of tests that starts each. */
export const ENGINES = [
  { name: 'Node, Dawn on SwiftShader', file: 'dawnSwiftshader.test.ts' },
  { name: 'Chromium on SwiftShader', file: 'chromiumSwiftshader.test.ts' },
  { name: 'Chromium on lavapipe, compatibility mode', file: 'chromiumLavapipe.test.ts' },
  { name: 'Firefox on lavapipe', file: 'firefox.test.ts' },
] as const

export interface TestedFile {
  /** Its path. */
  readonly name: string
  readonly tests: readonly { readonly status: string }[]
}

export interface EngineCount {
  readonly engine: string
  readonly passed: number
  readonly failed: number
  /** Some test passed, and none did anything else. */
  readonly sound: boolean
}

/** How many tests each engine passed and failed, of a whole run. An engine without tests is not sound. */
export function countByEngine(files: readonly TestedFile[]): EngineCount[] {
  return ENGINES.map(({ name, file }) => {
    const tests = files.filter((tested) => basename(tested.name) === file).flatMap((f) => f.tests)
    const passed = tests.filter(({ status }) => status === 'passed').length
    const failed = tests.filter(({ status }) => status === 'failed').length
    return { engine: name, passed, failed, sound: passed > 0 && passed === tests.length }
  })
}
