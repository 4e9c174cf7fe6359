import type fc from 'fast-check'

/**
 * What the laws of `tests/conformance` need to know of one app: `src/apps/<app>/testing/specimen.ts` exports one as `specimen`. It
 * belongs to the newest version. Items must be small where nothing else is said: the reference runs every one.
 */
export interface Specimen {
  /** Any workunit that the schema takes, each with one of its items. */
  readonly jobs: fc.Arbitrary<{ input: unknown; item: number }>
  /** Items with at least one output, as published. */
  readonly published: readonly { input: unknown; item: number; outputs: readonly unknown[] }[]
  /** A file as requesters write it, with at least one wrong line. */
  readonly text: string
  /** Where kernels are likely to differ. */
  readonly hard: readonly HardItems[]
  /** At least ten, where there is a WGSL kernel. */
  readonly faults?: readonly Fault[]
  /** Quick items, of any workunits, that should give 200 outputs or more between them; where the verifier has `expectedOutputs`. */
  readonly yields?: readonly HardRun[]
  /** Inputs with an operator's text that refuses them, `''` for what is refused anyway; where the app has a policy. */
  readonly refusedByPolicy?: readonly { readonly policy: string; readonly input: unknown }[]
}

/**
 * What is made wrong in the WGSL kernel (the middle of a test's name: "a kernel that gets ... wrong is found out"), a text that stands in
 * its source, and what is put there instead. The kernel must still compile, and compute: a fault that every device would notice proves
 * nothing.
 */
export type Fault = readonly [what: string, right: string, wrong: string]

/** Items that are hard for one reason. */
export interface HardItems {
  /** Why: the end of a test's name. */
  readonly name: string
  /** Too many candidates for the reference: the WASM kernel alone says what is right. */
  readonly large: boolean
  readonly runs: readonly HardRun[]
}

/** Items `start` to `start + count - 1` of one workunit. */
export interface HardRun {
  readonly input: unknown
  readonly start: number
  readonly count: number
}
