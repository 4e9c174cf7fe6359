/**
 * How a WGSL kernel computes one workunit: which entry points, over how many workgroups, with how much memory. The app makes it
 * from the workunit's input; it travels to the worker as it is. `shaders/README.md` has the whole contract.
 *
 * A workunit's items are cut into **units**, the least that is dispatched: unit u belongs to item floor(u / unitsPerItem). A
 * **round** computes a run of units with every pass in order; one submission holds as many rounds as its time allows.
 */
export interface GpuPlan {
  /** A power of two. Small enough that a unit takes well under 1 ms on a slow GPU. */
  readonly unitsPerItem: number
  /** The most units in one round: what `scratch` has room for. */
  readonly unitsPerRound: number
  /** Size of `state` (binding 2), which is prepared once and kept for the job. */
  readonly stateBytes: number
  /** Size of `scratch` (binding 3), a multiple of 4 each: what every round needs, and what each unit of a round adds. */
  readonly scratchBytes: { readonly fixed: number; readonly perUnit: number }
  /**
   * Size of an output record: a multiple of 4. Lanes write records in any order; sorted as little-endian numbers, those of a run must be as
   * the WASM kernel gives them, item after item.
   */
  readonly recordBytes: number
  /** Run once, in order, before the first round. */
  readonly prepare: readonly { readonly entryPoint: string; readonly workgroups: number }[]
  /** Run in order in every round, over `fixed + perUnit * units` workgroups, at most 65,535. */
  readonly round: readonly {
    readonly entryPoint: string
    readonly fixed: number
    readonly perUnit: number
  }[]
}
