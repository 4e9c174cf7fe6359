import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleShaders } from '../shaders/bundle.ts'

const root = join(import.meta.dirname, '..')
const kernelsDir = join(root, 'public/kernels')
const compiler = join(import.meta.dirname, 'node_modules/assemblyscript/bin/asc.js')

/** SIMD is the only feature beyond the default ones; no imports, no garbage collector, memory of fixed size. */
const FLAGS =
  '-O3 --converge --noAssert --runtime stub --use abort= --enable simd --initialMemory 4 --maximumMemory 4'.split(
    ' ',
  )

interface BuiltFile {
  readonly path: string
  readonly bytes: Buffer
}

/** The files that one app's kernels give: each kernel, named for its hash, and the source that names them. */
function build(app: string, scratch: string): BuiltFile[] {
  const out = join(scratch, `${app}.wasm`)
  const source = join(import.meta.dirname, app, 'index.ts')
  execFileSync(process.execPath, [compiler, source, '-o', out, ...FLAGS], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  })
  const wasm = readFileSync(out)
  const hash = createHash('sha256').update(wasm).digest('hex')
  const refs = [{ backend: 'wasm', hash, bytes: wasm.length }]
  const files: BuiltFile[] = [{ path: join(kernelsDir, `${hash}.wasm`), bytes: wasm }]
  const wgsl = bundleShaders(app)
  if (wgsl !== undefined) {
    const wgslHash = createHash('sha256').update(wgsl).digest('hex')
    refs.push({ backend: 'webgpu', hash: wgslHash, bytes: wgsl.length })
    files.push({ path: join(kernelsDir, `${wgslHash}.wgsl`), bytes: wgsl })
  }
  const path = join(root, 'src/apps', app, 'kernels.ts')
  return [...files, { path, bytes: Buffer.from(kernelsSource(refs)) }]
}

function kernelsSource(refs: readonly { backend: string; hash: string; bytes: number }[]): string {
  const entries = refs.map(
    ({ backend, hash, bytes }) => `  {
    backend: '${backend}',
    hash: v.parse(
      kernelHashSchema,
      '${hash}',
    ),
    bytes: ${bytes},
  },
`,
  )
  return `// Written by wasm/build.ts.
import * as v from 'valibot'
import { kernelHashSchema } from '../../protocol/ids.ts'
import type { KernelRef } from '../app.ts'

export const kernels: readonly KernelRef[] = [
${entries.join('')}]
`
}

/** Installs the pinned compiler where it is missing or another version than the lock file's. */
function installCompiler(): void {
  const wanted = versionIn(join(import.meta.dirname, 'package-lock.json'))
  const there = versionIn(join(import.meta.dirname, 'node_modules/.package-lock.json'))
  if (there === wanted && existsSync(compiler)) return
  execFileSync('npm', ['ci', '--prefix', import.meta.dirname, '--ignore-scripts'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

function versionIn(lockFile: string): string | undefined {
  if (!existsSync(lockFile)) return undefined
  const lock: { packages: Record<string, { version?: string }> } = JSON.parse(
    readFileSync(lockFile, 'utf8'),
  )
  return lock.packages['node_modules/assemblyscript']?.version
}

function buildAll(): BuiltFile[] {
  const scratch = mkdtempSync(join(tmpdir(), 'weft-kernels-'))
  try {
    return readdirSync(import.meta.dirname)
      .filter((app) => existsSync(join(import.meta.dirname, app, 'index.ts')))
      .toSorted()
      .flatMap((app) => build(app, scratch))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Kernels in public/ that no app of this build names. */
function strays(files: readonly BuiltFile[]): string[] {
  if (!existsSync(kernelsDir)) return []
  const names = new Set(files.map(({ path }) => basename(path)))
  return readdirSync(kernelsDir).filter((name) => /\.(wasm|wgsl)$/.test(name) && !names.has(name))
}

function check(files: readonly BuiltFile[]): void {
  const wrong = files
    .filter(({ path, bytes }) => !existsSync(path) || !readFileSync(path).equals(bytes))
    .map(({ path }) => path)
    .concat(strays(files).map((name) => join(kernelsDir, name)))
  if (wrong.length === 0) return console.log('Kernels are what their sources give.')
  console.error('These files are not what the kernel sources give:')
  for (const path of wrong) console.error(`  ${path.slice(root.length + 1)}`)
  console.error('Run `npm run kernels` and commit what it writes.')
  process.exitCode = 1
}

function write(files: readonly BuiltFile[]): void {
  mkdirSync(kernelsDir, { recursive: true })
  for (const name of strays(files)) rmSync(join(kernelsDir, name))
  for (const { path, bytes } of files) {
    writeFileSync(path, bytes)
    console.log(`${path.slice(root.length + 1)} (${bytes.length} bytes)`)
  }
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
installCompiler()
const files = buildAll()
if (values.check) check(files)
else write(files)
