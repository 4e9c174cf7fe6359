import type { Seed } from '../../protocol/digest.ts'

/** Units that one round computes: `units` of them from `first` on, counted from the workunit's first. */
export interface Round {
  readonly first: bigint
  readonly units: number
}

/** What a kernel sees of binding 1: the struct `Work` of `shaders/lib/work.wgsl`, 24 bytes, filled up to 16 as uniform blocks are in GL. */
export const WORK_BYTES = 32
/** From one round's work to the next: what dynamic offsets must be multiples of, under default limits. */
export const WORK_STRIDE = 256
/** The most rounds in one submission: so many passes the CPU writes down in well under a millisecond. */
export const MOST_ROUNDS = 64

/** Cuts a stretch of units into rounds of at most `unitsPerRound`. */
export function roundsOf({ first, units }: Round, unitsPerRound: number): Round[] {
  return Array.from({ length: Math.ceil(units / unitsPerRound) }, (_, round) => ({
    first: first + BigInt(round * unitsPerRound),
    units: Math.min(unitsPerRound, units - round * unitsPerRound),
  }))
}

/** The bytes of binding 1 for all rounds of a submission, each at its dynamic offset. */
export function encodeWork(
  rounds: readonly Round[],
  seed: Seed,
  nonce: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rounds.length * WORK_STRIDE)
  const view = new DataView(bytes.buffer)
  for (const [index, { first, units }] of rounds.entries()) {
    const at = index * WORK_STRIDE
    view.setBigUint64(at, first, true)
    view.setBigUint64(at + 8, seed, true)
    view.setUint32(at + 16, units, true)
    view.setUint32(at + 20, nonce, true)
  }
  return bytes
}
