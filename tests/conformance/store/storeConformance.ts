import { describe } from 'vitest'
import type { Store } from '../../../src/server/stores/store.ts'
import { batchLaws } from './batchLaws.ts'
import { claimLaws } from './claimLaws.ts'
import { commitLaws } from './commitLaws.ts'
import { hostLaws } from './hostLaws.ts'
import { outcomeLaws } from './outcomeLaws.ts'
import { modelLaw } from './modelLaw.ts'
import { yieldLaws } from './yieldLaws.ts'

/** Where a store lives: what one opening of it writes, the next one finds. One store at a time is open there, but for `sharedLaws`. */
export interface StorePlace {
  open(): Promise<Store>
  remove(): Promise<void>
}

/** What every engine must keep. @param makePlace a new, empty place */
export function storeConformance(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`the ${name} store`, () => {
    describe('batches and secrets', () => {
      batchLaws(makePlace)
    })
    describe('claims', () => {
      claimLaws(makePlace)
    })
    describe('commits', () => {
      commitLaws(makePlace)
    })
    describe('outcomes', () => {
      outcomeLaws(makePlace)
    })
    describe('hosts', () => {
      hostLaws(makePlace)
    })
    describe('yields', () => {
      yieldLaws(makePlace)
    })
    describe('all together', () => {
      modelLaw(makePlace)
    })
  })
}
