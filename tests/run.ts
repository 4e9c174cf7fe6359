import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { ensureChromium } from './browser.ts'
import { countByEngine, type EngineCount } from './engines/countByEngine.ts'
import { ensureFirefox } from './engines/ensureFirefox.ts'
import { ensureLavapipe } from './engines/ensureLavapipe.ts'

/**
 * `npm test`: everything, in one go, with one closing line for each WebGPU engine and one for the whole. A stage that fails does
 * not hide the next; a runner that executed nothing has failed, and so has an engine that ran no test.
 */

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const reports = mkdtempSync(join(tmpdir(), 'weft-tests-'))
const vitestReport = join(reports, 'vitest.json')
const playwrightReport = join(reports, 'playwright.json')
const broken: string[] = []

const chromium = ensureChromium()
ensureFirefox()
ensureLavapipe()
await stage('format', 'prettier', ['--check', '--log-level', 'warn', '.'])
await stage('lint', 'oxlint', [])
await stage('types', 'tsc', ['-b'])
await stage('unused code', 'knip', [])
await stage('kernels', 'node', ['wasm/build.ts', '--check'])
await stage('site', 'vite', ['build', '--logLevel', 'warn'])
await stage(
  'unit, conformance and integration',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
  { WEFT_CHROMIUM: chromium },
)
await stage('browser', 'playwright', ['test', '--reporter=list,json'], {
  WEFT_CHROMIUM: chromium,
  PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
})

const parts = [count('vitest', readVitest), count('browser', readPlaywright)]
const engines = readEngines()
rmSync(reports, { recursive: true })
console.log('\nKernels, by engine:')
for (const { engine, passed, failed, sound } of engines) {
  console.log(`  ${engine.padEnd(42)} ${passed} passed, ${failed} failed`)
  if (!sound) broken.push(`kernels: ${engine}`)
}
if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`)
const sum = (of: keyof Counts) => parts.reduce((total, counts) => total + counts[of], 0)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exitCode = broken.length === 0 && sum('failed') === 0 ? 0 : 1

async function stage(
  name: string,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  console.log(`\n== ${name}`)
  const startedAt = performance.now()
  const status = await new Promise<number>((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    })
    child.on('error', (error) => {
      console.log(`${command}: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds(startedAt)} s`)
  if (status !== 0) broken.push(name)
}

function count(name: string, read: () => Counts): Counts {
  try {
    const counts = read()
    if (counts.passed + counts.failed === 0) broken.push(`${name} ran no test`)
    return counts
  } catch (error) {
    broken.push(
      `${name} left no report (${error instanceof Error ? error.message : String(error)})`,
    )
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

function readVitest(): Counts {
  const schema = v.object({
    numPassedTests: v.number(),
    numFailedTests: v.number(),
    numPendingTests: v.number(),
  })
  const report = v.parse(schema, JSON.parse(readFileSync(vitestReport, 'utf8')))
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
  }
}

/** Without a report that can be read, no engine ran anything. */
function readEngines(): EngineCount[] {
  const tests = v.array(v.object({ status: v.string() }))
  const file = v.object({ name: v.string(), assertionResults: tests })
  const schema = v.object({ testResults: v.array(file) })
  try {
    const { testResults } = v.parse(schema, JSON.parse(readFileSync(vitestReport, 'utf8')))
    return countByEngine(
      testResults.map((one) => ({ name: one.name, tests: one.assertionResults })),
    )
  } catch {
    return countByEngine([])
  }
}

function readPlaywright(): Counts {
  const schema = v.object({
    stats: v.object({
      expected: v.number(),
      unexpected: v.number(),
      flaky: v.number(),
      skipped: v.number(),
    }),
  })
  const { stats } = v.parse(schema, JSON.parse(readFileSync(playwrightReport, 'utf8')))
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(1)
}
