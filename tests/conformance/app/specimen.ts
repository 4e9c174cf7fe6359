import type fc from 'fast-check'
import type { AnyApp } from '../../../src/apps/app.ts'
import { mersenneTfSpecimen } from './mersenneTfSpecimen.ts'

/** What the laws need to know of one app. Items must be small: the reference runs every one. */
export interface Specimen {
  /** Any workunit that the schema takes, each with one of its items. */
  readonly jobs: fc.Arbitrary<{ input: unknown; item: number }>
  /** Items with at least one output, as published. */
  readonly published: readonly { input: unknown; item: number; outputs: readonly unknown[] }[]
  /** A file as requesters write it, with at least one wrong line. */
  readonly text: string
  /** Where kernels are likely to differ. */
  readonly hard: readonly HardItems[]
}

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

const specimens: Readonly<Record<string, Specimen>> = { 'mersenne-tf@1': mersenneTfSpecimen }

/** @throws Error for an app without a specimen: every app in the registry must obey the laws */
export function specimenOf(app: AnyApp): Specimen {
  const specimen = specimens[`${app.id}@${app.version}`]
  if (!specimen)
    throw new Error(`tests/conformance/app has no specimen of ${app.id} ${app.version}`)
  return specimen
}
