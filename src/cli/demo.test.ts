import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Real processes with real threads on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const WEFT = join(import.meta.dirname, 'weft.ts')
/** A preload under which no worker can compile a kernel. */
const NO_KERNELS =
  'data:text/javascript,' +
  encodeURIComponent(`import { isMainThread } from 'node:worker_threads'
if (!isMainThread) WebAssembly.compile = () => Promise.reject(new Error('sabotaged'))`)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-demo-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function worktodo(text: string): Promise<string> {
  const path = join(folder, 'worktodo.txt')
  await writeFile(path, text)
  return path
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What it left in its temporary folder. */
  readonly left: readonly string[]
}

/** @param act called with everything it has printed so far, after each piece */
async function runDemo(
  args: readonly string[],
  act: (printed: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
  preload: readonly string[] = [],
): Promise<Ended> {
  const temp = await mkdtemp(join(folder, 'temp-'))
  const child = spawn(process.execPath, [...preload, WEFT, 'demo', '--threads', '1', ...args], {
    env: { ...process.env, TMPDIR: temp, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { stdout: '', stderr: '' }
  const hear = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    printed[stream] += chunk.toString()
    act(printed.stdout + printed.stderr, (signal) => child.kill(signal))
  }
  child.stdout.on('data', hear('stdout'))
  child.stderr.on('data', hear('stderr'))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, ...printed, left: await readdir(temp) }
}

const SMALL = 'Factor=N/A,11,4,7\nFactor=N/A,29,7,12\n'
/** More than any machine does before a test is over. */
const LONG = 'Factor=N/A,5000011,50,74\n'

test('in a pipe the last line is the result as JSON, and progress goes elsewhere', async () => {
  const path = await worktodo(`${SMALL}nonsense\n`)
  const { code, stdout, stderr, left } = await runDemo(['--json', '--worktodo', path])
  expect(code).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  const { workunits, factors } = JSON.parse(stdout) as {
    workunits: number
    factors: { exponent: number; factor: string }[]
  }
  expect(workunits).toBe(2)
  expect(factors.map(({ factor }) => factor).toSorted()).toEqual([
    '1103',
    '2089',
    '23',
    '233',
    '89',
  ])
  expect(stderr).toContain('Line 3 was left out')
  expect(stderr).toContain('100 %')
  expect(left).toEqual([])
})

test('without --json everything is said in plain lines', async () => {
  const { code, stdout, stderr } = await runDemo(['--worktodo', await worktodo(SMALL)])
  expect(code).toBe(0)
  expect(stdout).toContain('divisible by 233')
  expect(stdout).toContain('provisional')
  expect(stderr).toBe('')
})

test('a host that stops ends the demo, with the reason', async () => {
  const path = await worktodo(SMALL)
  const { code, stderr, left } = await runDemo(['--worktodo', path], undefined, [
    '--import',
    NO_KERNELS,
  ])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^The host stopped before the batch was done: The kernel of mersenne-tf failed: it does not compile\.\n$/,
  )
  expect(left).toEqual([])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it in good order', async (signal, expected) => {
  let sent = false
  const path = await worktodo(LONG)
  const { code, stderr, left } = await runDemo(['--worktodo', path], (printed, kill) => {
    if (sent || !printed.includes('items')) return
    sent = true
    kill(signal)
    // npm passes on what the terminal has sent already.
    kill(signal)
  })
  expect(stderr).toBe(`Stopped by ${signal}.\n`)
  expect(code).toBe(expected)
  expect(left).toEqual([])
})

test('a worktodo file that is not there is one line, and names it', async () => {
  const { code, stderr } = await runDemo(['--worktodo', join(folder, 'nothing.txt')])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^--worktodo: .*nothing\.txt.*\n$/)
})

test('a worktodo file without a good line is one line, and says what is wrong', async () => {
  const path = await worktodo('what is this\n')
  const { code, stderr, left } = await runDemo(['--worktodo', path])
  expect(code).toBe(3)
  expect(stderr).toMatch(/^No line of this text is a workunit.* Line 1: .*\n$/)
  expect(left).toEqual([])
})
