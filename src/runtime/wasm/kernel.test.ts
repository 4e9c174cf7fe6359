import { expect, test } from 'vitest'
import { KernelFailedError, KernelMismatchError } from '../../protocol/errors.ts'
import { kernelHashOf, type KernelHash } from '../../protocol/ids.ts'
import {
  decodeTestOutput,
  encodeTestInput,
  expectedOf,
  testKernel,
  testKernelHash,
} from '../testing/testKernel.ts'
import { compileKernel, instantiateKernel } from './kernel.ts'

async function load(bytes = testKernel, hash?: KernelHash) {
  return instantiateKernel(
    'test',
    await compileKernel('test', hash ?? (await hashOf(bytes)), bytes),
  )
}
const hashOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  kernelHashOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

test('an item gives its digest as an unsigned number and its output records as copies', async () => {
  const kernel = await load()
  kernel.prepare(encodeTestInput({}))
  const seed = 0xf000_0000_0000_0001n
  const third = kernel.run(3, seed)
  const fourth = kernel.run(4, seed)
  expect(third.digest).toBe(expectedOf(3, 4, seed).digest)
  expect(fourth.digest).toBe(expectedOf(4, 5, seed).digest)
  expect(third.outputs.map(decodeTestOutput)).toEqual([3])
  expect(fourth.outputs).toEqual([])
})

test('bytes of another hash are not compiled', async () => {
  const other = testKernel.slice()
  other[other.length - 2] = 9
  const [expected, actual] = [await testKernelHash(), await hashOf(other)]
  await expect(load(other, expected)).rejects.toEqual(new KernelMismatchError(expected, actual))
  await expect(load(other, expected)).rejects.toMatchObject({ details: { expected, actual } })
})

test('what is not WASM, and WASM that is no kernel, is refused', async () => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  await expect(load(new Uint8Array([1, 2, 3]))).rejects.toBeInstanceOf(KernelFailedError)
  await expect(load(empty)).rejects.toThrow('does not speak kernel ABI 1')
})

test('an input that the kernel refuses is an error with its number', async () => {
  const kernel = await load()
  expect(() => kernel.prepare(encodeTestInput({ refusal: 7 }))).toThrow('refused its input (7)')
})

test('a trap is a failure of the kernel that names the item', async () => {
  const kernel = await load()
  kernel.prepare(encodeTestInput({ trapItem: 5 }))
  expect(kernel.run(4, 1n).digest).toBe(expectedOf(4, 5, 1n).digest)
  expect(() => kernel.run(5, 1n)).toThrow(KernelFailedError)
  expect(() => kernel.run(5, 1n)).toThrow('item 5')
})
