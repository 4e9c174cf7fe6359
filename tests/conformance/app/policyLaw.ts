import * as v from 'valibot'
import { expect } from 'vitest'
import type { Subject } from './subjects.ts'

/** Where an operator wrote nothing, what the coordinator computes by itself and what the specimen asks for is allowed; what must be refused is. */
export async function policyLaw({ app, specimen }: Subject): Promise<void> {
  const read = await app.load.policy?.()
  expect(
    specimen.refusedByPolicy !== undefined,
    'a specimen has `refusedByPolicy` exactly where the app has a policy',
  ).toBe(read !== undefined)
  if (read === undefined) return
  const unwritten = read('')
  const generator = await app.load.generator()
  for (const line of generator.parse(specimen.text)) {
    if (line.status === 'workunit') expect(unwritten(line.input)).toEqual({ status: 'allowed' })
  }
  const { practice, frontier } = generator.seeds
  for (const nextOf of frontier ? [practice, frontier] : [practice]) {
    let previous: unknown
    for (let i = 0; i < 20; i++) {
      previous = nextOf(previous)
      expect(unwritten(previous)).toEqual({ status: 'allowed' })
    }
  }
  const { refusedByPolicy = [] } = specimen
  expect(refusedByPolicy.length, 'something must be refused').toBeGreaterThan(0)
  for (const { policy, input } of refusedByPolicy) {
    const verdict = read(policy)(v.parse(app.inputSchema, input))
    expect(verdict.status).toBe('refused')
    if (verdict.status === 'refused') expect(verdict.reason.length).toBeGreaterThan(10)
  }
}
