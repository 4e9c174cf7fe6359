import fc from 'fast-check'

/** What may happen to a store, with small numbers in place of ids. */
export type Action =
  | { readonly do: 'add'; readonly from: number; readonly count: number }
  | { readonly do: 'claim'; readonly owner: string; readonly limit: number; readonly forMs: number }
  | { readonly do: 'claimThese'; readonly owner: string; readonly positions: readonly number[] }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'renew'; readonly owner: string; readonly keep: readonly number[] }
  | { readonly do: 'release'; readonly owner: string }
  | { readonly do: 'cancel' | 'seal' | 'reopen' }
  | { readonly do: 'commit'; readonly group: readonly Step[] }

/** One commit of a group: `end` items of some workunits are reported, or final. */
export interface Step {
  readonly task: number
  /** 0: the report that is due; -1: its replay; 1: one too far. */
  readonly offset: number
  readonly host: number
  readonly positions: readonly number[]
  /** 0: under the epoch that holds; -1: under the one before. */
  readonly age: number
  readonly end: number
  readonly final: boolean
  readonly output: number
}

export const ITEMS = 6
export const CLAIM_MS = 50

const anOwner = fc.constantFrom('a', 'b')
const positions = fc.uniqueArray(fc.nat(5), { maxLength: 3 })
/** Mostly right, now and then wrong. */
const rarely = (wrong: number) => ({ arbitrary: fc.constant(wrong), weight: 1 })
const mostly = { arbitrary: fc.constant(0), weight: 12 }

const step: fc.Arbitrary<Step> = fc.record({
  task: fc.nat(3),
  offset: fc.oneof(mostly, rarely(-1), rarely(1)),
  host: fc.integer({ min: 1, max: 2 }),
  positions,
  age: fc.oneof(mostly, rarely(-1)),
  end: fc.integer({ min: 1, max: ITEMS }),
  final: fc.boolean(),
  output: fc.nat(2),
})

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('add'), from: fc.nat(7), count: fc.nat(3) }),
  fc.record({
    do: fc.constant('claim'),
    owner: anOwner,
    limit: fc.integer({ min: 1, max: 3 }),
    forMs: fc.nat(60),
  }),
  fc.record({ do: fc.constant('claimThese'), owner: anOwner, positions }),
  fc.record({ do: fc.constant('wait'), ms: fc.nat(60) }),
  fc.record({
    do: fc.constant('renew'),
    owner: anOwner,
    keep: fc.uniqueArray(fc.nat(7), { minLength: 4, maxLength: 8 }),
  }),
  fc.record({ do: fc.constant('release'), owner: anOwner }),
  // After a cancellation nothing is claimed any more: then there is less to see.
  fc.oneof(
    { arbitrary: fc.record({ do: fc.constantFrom('seal', 'reopen') }), weight: 7 },
    { arbitrary: fc.record({ do: fc.constant('cancel') }), weight: 1 },
  ),
  {
    arbitrary: fc.record({
      do: fc.constant('commit'),
      group: fc.array(step, { minLength: 1, maxLength: 3 }),
    }),
    weight: 4,
  },
)

export const actions = fc.array(action, { maxLength: 40 })

/** What a store should know after all that: counted, never looked up. */
export interface Model {
  now: number
  /** How often it was opened. */
  life: number
  cancelled: boolean
  readonly workunits: Map<number, ModelWorkunit>
  readonly nextSeq: Map<number, number>
  readonly reports: { task: number; seq: number; host: number; credit: number }[]
  readonly yields: Map<number, { expected: number; found: number }>
  /** `position:output`, in order of arrival. */
  readonly results: Set<string>
  /** Positions of what is finished, in the order in which it was. */
  readonly finished: Set<number>
}

export interface ModelWorkunit {
  epoch: number
  reported: number
  final: number
  claim: { readonly owner: string; readonly life: number; until: number } | null
}

export function emptyModel(): Model {
  return {
    now: 0,
    life: 0,
    cancelled: false,
    workunits: new Map(),
    nextSeq: new Map(),
    reports: [],
    yields: new Map(),
    results: new Set(),
    finished: new Set(),
  }
}

/** Whether it can be taken from whoever holds it. */
export function isUnfinished(model: Model, position: number): boolean {
  const workunit = model.workunits.get(position)
  return !model.cancelled && workunit !== undefined && workunit.final < ITEMS
}

export function canTake(model: Model, position: number, owner: string): boolean {
  const workunit = model.workunits.get(position)
  if (!workunit || !isUnfinished(model, position)) return false
  const { claim } = workunit
  if (!claim || claim.until <= model.now) return true
  return claim.owner === owner && claim.life !== model.life
}

export function takeInModel(model: Model, position: number, owner: string, until: number): number {
  const workunit = model.workunits.get(position) as ModelWorkunit // canTake came first
  workunit.epoch++
  workunit.claim = { owner, life: model.life, until }
  return workunit.epoch
}
