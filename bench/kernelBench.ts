import type { App } from '../src/apps/app.ts'

/** What the bench of kernels must know of one app. */
export interface KernelBench<Input, Output> {
  readonly app: App<Input, Output>
  /** What is done with one candidate, in figures' names: `tests` gives `testsPerSecond`. */
  readonly unit: { readonly one: string; readonly many: string }
  /** Log2 of the block size that real work has. */
  readonly blockLog2: number
  /** What is measured, in blocks of this size; what the published figures are for comes first. */
  inputs(blockLog2: number): readonly [Input, ...Input[]]
  /** For people. */
  nameOf(input: Input): string
  /** How many tests, or whatever the unit is, an item takes. */
  unitsOf(input: Input, item: number): number
  readonly native: NativeSource<Input>
  /** Operations on 32-bit integers that one takes in the WGSL kernel, where they have been counted. */
  operations?(wgsl: string, input: Input): number
}

/** A program in C that does the same work: nativeKernel.ts says how it is spoken to. */
export interface NativeSource<Input> {
  /** In `native/`. */
  readonly file: string
  /** What it is compiled with beside `-O3 -march=native`. */
  readonly flags: readonly string[]
  /** The same with vectors, where the file has that too. */
  readonly simdFlags?: readonly string[]
  /** The workunit, as it takes it. */
  args(input: Input): readonly string[]
}

/** Any app's, where its input and output types do not matter. */
// oxlint-disable-next-line typescript/no-explicit-any -- each is only given inputs that it made
export type AnyKernelBench = KernelBench<any, any>
