import { complement, sizeOf, union, type IntervalSet } from '../protocol/intervalSet.ts'
import type { Workunit } from './state.ts'

/** Items that are reported or final: nobody needs to compute them again. */
export function doneItems(workunit: Workunit): IntervalSet {
  return union(workunit.reported, workunit.final)
}

/** Items that may be leased now. */
export function undoneItems(workunit: Workunit): IntervalSet {
  return complement(union(doneItems(workunit), workunit.leased), workunit.itemCount)
}

export function isFinal(workunit: Workunit): boolean {
  return sizeOf(workunit.final) === workunit.itemCount
}
