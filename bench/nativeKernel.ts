import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { blocksOf, kRangeOf } from '../src/apps/mersenne-tf/candidates.ts'
import type { Input } from '../src/apps/mersenne-tf/input.ts'
import type { Digest, Seed } from '../src/protocol/digest.ts'

const SOURCE = join(import.meta.dirname, 'native/mersenneTf.c')

/** `native/mersenneTf.c`, compiled for this machine. */
export type NativeKernel =
  | {
      readonly status: 'compiled'
      readonly command: string
      open(input: Input): NativeWorkunit
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
  readonly survivors: number
  readonly digest: Digest
  readonly hits: number
}

export function compileNativeKernel(): NativeKernel {
  const folder = mkdtempSync(join(tmpdir(), 'weft-native-'))
  const program = join(folder, 'mersenneTf')
  const args = ['-O3', '-march=native', '-o', program, SOURCE]
  const { status, error, stderr } = spawnSync('cc', args, { encoding: 'utf8' })
  if (status !== 0) {
    rmSync(folder, { recursive: true })
    return { status: 'none', why: error?.message ?? stderr }
  }
  return {
    status: 'compiled',
    command: 'cc -O3 -march=native bench/native/mersenneTf.c',
    open: (input) => openWorkunit(program, input),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function openWorkunit(program: string, input: Input): NativeWorkunit {
  const { first, last } = kRangeOf(input)
  const args = [input.exponent, input.blockLog2, blocksOf(input).first, first, last].map(String)
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async runItem(item, seed) {
      child.stdin.write(`${item} ${seed}\n`)
      const answer = await lines.next()
      if (answer.done === true) throw new Error('the native kernel ended')
      const [nanoseconds, survivors, digest, hits] = answer.value.split(' ')
      return {
        ms: Number(nanoseconds) / 1e6,
        survivors: Number(survivors),
        digest: BigInt(digest ?? ''),
        hits: Number(hits),
      }
    },
    close: () => child.stdin.end(),
  }
}
