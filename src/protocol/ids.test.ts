import { createHash, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  batchIdOf,
  batchIdSchema,
  hostIdOf,
  kernelHashOf,
  taskIdOf,
  workunitIdOf,
  workunitIdSchema,
  type TaskId,
  type WorkunitId,
} from './ids.ts'

describe('ids', () => {
  it('of one kind are not ids of another', () => {
    expectTypeOf<TaskId>().not.toEqualTypeOf<WorkunitId>()
    expectTypeOf<string>().not.toExtend<TaskId>()
    expectTypeOf<WorkunitId>().toExtend<string>()
  })

  it('of hosts and tasks are base64url of 16 bytes', () => {
    for (let i = 0; i < 100; i++) {
      const bytes = randomBytes(32)
      expect(hostIdOf(bytes)).toBe(bytes.subarray(0, 16).toString('base64url'))
      expect(taskIdOf(bytes)).toBe(bytes.subarray(0, 16).toString('base64url'))
    }
  })

  it('of kernels are the hex SHA-256', () => {
    const digest = createHash('sha256').update('kernel').digest()
    expect(kernelHashOf(digest)).toBe(digest.toString('hex'))
  })

  it('of workunits name the batch and the position', () => {
    const batch = batchIdOf(randomBytes(10))
    expect(v.is(batchIdSchema, batch)).toBe(true)
    expect(workunitIdOf(batch, 17)).toBe(`${batch}.17`)
    expect(v.is(workunitIdSchema, `${batch}.017`)).toBe(false)
  })
})
