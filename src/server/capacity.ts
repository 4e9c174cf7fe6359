import type { Credit } from '../protocol/credit.ts'

/** How far back the rate looks: long enough for hosts that report a few times a minute. */
const WINDOW_MS = 60_000

interface Sample {
  /** ms on any clock that never goes back. */
  readonly at: number
  /** Everything that ever counted, up to then. */
  readonly credit: Credit
}

/**
 * How much is being computed now: the growth of the store's totals, which every coordinator of a store adds to. Time comes in as
 * an argument.
 */
export class Capacity {
  #samples: readonly Sample[] = []

  add(sample: Sample): void {
    this.#samples = [...recent(this.#samples, sample.at), sample]
  }

  /**
   * Credit a second over the last minute, from when something came in first until it did last: that everybody was idle before says
   * nothing of how long a batch takes. 0 when nothing came in, null when it was not watched long enough to say.
   *
   * @param now ms, on the samples' clock
   */
  creditPerSecond(now: number): number | null {
    const samples = recent(this.#samples, now)
    if (samples.length < 2) return null
    // Work that is found wrong later is taken off again: nothing is computed backwards.
    const grew = samples.map(
      (sample, i) => sample.credit > (samples[i - 1]?.credit ?? sample.credit),
    )
    const first = samples[grew.indexOf(true) - 1]
    const last = samples[grew.lastIndexOf(true)]
    if (!first || !last) return 0
    return Math.max(0, Number(last.credit - first.credit) / ((last.at - first.at) / 1_000))
  }
}

function recent(samples: readonly Sample[], now: number): readonly Sample[] {
  return samples.filter(({ at }) => at >= now - WINDOW_MS)
}
