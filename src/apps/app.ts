import type * as v from 'valibot'
import type { BatchKind } from '../protocol/messages.ts'
import type { Credit } from '../protocol/credit.ts'
import type { Digest, Seed } from '../protocol/digest.ts'
import type { AppId, KernelHash } from '../protocol/ids.ts'
import type { Backend } from '../runtime/executor.ts'
import type { GpuPlan } from '../runtime/webgpu/plan.ts'

/**
 * What every app is. `app.ts` of each app holds the manifest, its schemas and the item cost; all the rest hangs on lazy
 * links, so that a page that only shows the app's name downloads nothing else of it.
 *
 * `Input` is what a workunit computes on, `Output` one rare thing found in it (a hit); both are plain JSON values, with
 * numbers past 2^53 as decimal strings.
 */
export interface App<Input, Output> {
  readonly id: AppId
  /** The semantics: item layout, sieve bounds, digest. A workunit pins one. */
  readonly version: number
  /** One line for people. */
  readonly title: string
  /** What a volunteer's device would do with it and what for: one or two sentences, with powers written as `2^p`. */
  readonly about: string
  readonly inputSchema: v.GenericSchema<unknown, Input>
  readonly outputSchema: v.GenericSchema<unknown, Output>

  /** How many items a workunit has; a positive safe integer for every input that passes the schema. */
  itemCount(input: Input): number
  /** Credit for each item of a workunit: a published function of the input, at least 1. */
  itemCost(input: Input): Credit

  /**
   * The input as everyone but its requester sees it, hosts above all, where a part of it is the requester's alone; all of it without
   * this. It passes the schema, and computes the same: its items, their cost, its encoding and what the verifier says of an output are
   * those of the whole input.
   */
  publicInput?(input: Input): Input

  /** Every implementation that may run this version, by the hash of its bytes. */
  readonly kernels: readonly KernelRef[]
  /** The input as every kernel reads it; `wasm/<app>/` documents the layout. */
  encodeInput(input: Input): Uint8Array
  /** One output record of the kernel, back to JSON values. */
  decodeOutput(record: Uint8Array, input: Input): Output
  /** How the WGSL kernel computes this input, where there is one. */
  gpuPlan?(input: Input): GpuPlan
  /** Quick inputs that between them run every entry point of the WGSL kernel: a device must get them right before it is used. */
  readonly gpuCanaries?: readonly Input[]

  readonly load: {
    generator(): Promise<Generator<Input>>
    reference(): Promise<Reference<Input, Output>>
    verifier(): Promise<Verifier<Input, Output>>
    assimilator(): Promise<Assimilator<Input, Output>>
    view(): Promise<View<Input, Output>>
    /** How results read in other programs' formats, by the format's name. */
    formats?(): Promise<Formats<Input, Output>>
    /** What an operator may refuse, where the app's results can do harm. */
    policy?(): Promise<ReadPolicy<Input>>
  }
}

export interface KernelRef {
  readonly backend: Backend
  readonly hash: KernelHash
  readonly bytes: number
}

/** One line of a requester's file that became a workunit, or why it did not. */
export type GeneratedLine<Input> =
  | {
      readonly status: 'workunit'
      readonly line: number
      readonly input: Input
      /**
       * The requester's own name for this line, such as PrimeNet's assignment id, as written; null where there is none. It is
       * no part of the work: carried through to the results, never sent to hosts, and shown only to who has the submit token,
       * since whoever knows an assignment id can report it. Two lines may have the same one.
       */
      readonly key: string | null
    }
  | { readonly status: 'refused'; readonly line: number; readonly reason: string }

/** Turns what a requester hands in into workunits. */
export interface Generator<Input> {
  /**
   * Blank lines and comments give nothing; a line that is wrong is refused with its 1-based number and a reason, a short sentence
   * that tells what to do whatever the line is; the others go on. Lazy: a line is read when it is asked for, so that the caller
   * may rest in between.
   */
  parse(text: string): Iterable<GeneratedLine<Input>>
  /**
   * Endless work for a coordinator without requesters. Practice is what newcomers begin with and devices are measured on; a frontier is for
   * apps that have something worth computing whoever asks, since volunteers' electricity pays for it.
   */
  readonly seeds: { readonly practice: NextSeed<Input>; readonly frontier?: NextSeed<Input> }
}

export type SeedKind = Exclude<BatchKind, 'request'>

/** The input that comes after `previous` in a seed batch; the first one without it. */
export type NextSeed<Input> = (previous: Input | undefined) => Input

/** What one item computes to. */
export interface ItemResult<Output> {
  readonly digest: Digest
  readonly outputs: readonly Output[]
}

/** The oracle: plain TypeScript, short, obviously right, slow. */
export interface Reference<Input, Output> {
  runItem(input: Input, item: number, seed: Seed): ItemResult<Output>
}

/** Re-checks one output by itself (its certificate), and that it belongs to the item range it was reported for. */
export interface Verifier<Input, Output> {
  check(input: Input, range: { start: number; end: number }, output: Output): Verdict
  /**
   * How many outputs an item has on average, where each candidate is one by chance and by itself, so that their number is a Poisson variable. A
   * host that finds far fewer keeps some for itself. Apps whose outputs come otherwise have none.
   */
  expectedOutputs?(input: Input): number
}
export type Verdict =
  { readonly status: 'holds' } | { readonly status: 'fails'; readonly reason: string }

/** Folds the outputs of a workunit into its result: what the requester asked for of it, sorted, each once. */
export interface Assimilator<Input, Output> {
  fold(input: Input, outputs: Iterable<Output>): readonly Output[]
}

/** What came out of one workunit that is over. */
export interface Outcome<Input, Output> {
  readonly input: Input
  /** As the generator gave it. */
  readonly key: string | null
  /** As the assimilator folded them. */
  readonly outputs: readonly Output[]
  /** Whether every item was computed; false for a workunit that was cancelled before. */
  readonly complete: boolean
  /** When it was over, ms since the epoch. */
  readonly finishedAt: number
}

/**
 * Writes an outcome as another program reads it: one line of text without its newline, for every outcome. It says no more than
 * is known: never that a workunit was computed to its end when it was not. It may hold the key, and is then as secret.
 */
export type Format<Input, Output> = (outcome: Outcome<Input, Output>) => string

/** Formats by name: lower-case letters, digits and dashes, as a file or an address may have it. */
export type Formats<Input, Output> = Readonly<Record<string, Format<Input, Output>>>

/**
 * Reads what an operator wrote for this app, `''` where there is nothing, once at the start.
 * @throws InvalidInputError when a line of it is wrong; its field is `line 3`
 */
export type ReadPolicy<Input> = (text: string) => Policy<Input>

/** Whether an operator lets this be computed. A reason is a short sentence that tells the requester what to do. */
export type Policy<Input> = (
  input: Input,
) => { readonly status: 'allowed' } | { readonly status: 'refused'; readonly reason: string }

/** How results look and read. */
export interface View<Input, Output> {
  /** What this workunit computes, in plain words: one sentence without a full stop. */
  describe(input: Input): string
  /** What was found, in plain words: one sentence without a full stop. */
  tell(input: Input, output: Output): string
  /** The label that results of this kind of batch carry, such as `practice: known factors`. */
  label(kind: BatchKind): string
  /** What else there is to say of an output; the first value is the one worth copying. */
  facts?(input: Input, output: Output): readonly Fact[]
  /**
   * What may be found next in this workunit and how long it takes on average: one sentence without a full stop.
   * @param found what this device found in it so far
   * @param itemsPerSecond of this device, above 0
   */
  outlook?(input: Input, found: readonly Output[], itemsPerSecond: number): string
  /** The output's certificate, recomputed so that a person can follow it. Nothing is taken from the output but its claim. */
  check?(input: Input, output: Output): Demonstration
}

export interface Fact {
  readonly name: string
  readonly value: string
}

/** A computation in steps, and where it ended. Texts are sentences without a full stop. */
export interface Demonstration {
  /** How it goes. */
  readonly method: string
  /** What the steps' parts are called: mark, action and value, one word each. */
  readonly columns?: readonly [mark: string, action: string, value: string]
  readonly steps: readonly DemonstrationStep[]
  /** What the last step shows, in words. */
  readonly conclusion: string
  readonly holds: boolean
}

export interface DemonstrationStep {
  /** What this step reads, such as one binary digit; the marks of all steps in a row are the input as a person would write it. */
  readonly mark: string
  /** What it does, such as `square, then double`. */
  readonly action: string
  /** What it leaves, decimal digits or a short text. */
  readonly value: string
}

/** Any app, where its input and output types do not matter. */
// oxlint-disable-next-line typescript/no-explicit-any -- inputs and outputs are parsed by the app's own schemas at every border
export type AnyApp = App<any, any>
