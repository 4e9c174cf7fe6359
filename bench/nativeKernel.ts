import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Digest, Seed } from '../src/protocol/digest.ts'

/** One file of `native/`, compiled for this machine. */
export type NativeKernel =
  | {
      readonly status: 'compiled'
      readonly command: string
      /** @param args what the program takes for a workunit */
      open(args: readonly string[]): NativeWorkunit
      /** Deletes the program. */
      remove(): void
    }
  | { readonly status: 'none'; readonly why: string }

/** A process that runs items of one workunit. */
export interface NativeWorkunit {
  runItem(item: number, seed: Seed): Promise<NativeResult>
  close(): void
}

export interface NativeResult {
  readonly ms: number
  /** How many tests, or whatever is done with a candidate, the item took. */
  readonly units: number
  readonly digest: Digest
  readonly hits: number
}

/**
 * @param file in `native/`
 * @param flags beside `-O3 -march=native`
 */
export function compileNativeKernel(file: string, flags: readonly string[] = []): NativeKernel {
  const folder = mkdtempSync(join(tmpdir(), 'weft-native-'))
  const program = join(folder, 'kernel')
  const options = ['-O3', '-march=native', ...flags]
  const source = join(import.meta.dirname, 'native', file)
  const { status, error, stderr } = spawnSync('cc', [...options, '-o', program, source], {
    encoding: 'utf8',
  })
  if (status !== 0) {
    rmSync(folder, { recursive: true })
    return { status: 'none', why: error?.message ?? stderr }
  }
  return {
    status: 'compiled',
    command: `cc ${options.join(' ')} bench/native/${file}`,
    open: (args) => openWorkunit(program, args),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** One line in, `ITEM SEED`, and one out, `NANOSECONDS UNITS DIGEST HITS`, all decimal. */
function openWorkunit(program: string, args: readonly string[]): NativeWorkunit {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async runItem(item, seed) {
      child.stdin.write(`${item} ${seed}\n`)
      const answer = await lines.next()
      if (answer.done === true) throw new Error('the native kernel ended')
      const [nanoseconds, units, digest, hits] = answer.value.split(' ')
      return {
        ms: Number(nanoseconds) / 1e6,
        units: Number(units),
        digest: BigInt(digest ?? ''),
        hits: Number(hits),
      }
    },
    close: () => child.stdin.end(),
  }
}
