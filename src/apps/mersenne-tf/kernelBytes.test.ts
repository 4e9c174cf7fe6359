import { expect, test } from 'vitest'
import { KernelFailedError } from '../../protocol/errors.ts'
import { decodeOutput, encodeInput } from './kernelBytes.ts'

const input = { exponent: 50804297, bitLo: 66, bitHi: 68, blockLog2: 8 }

function record(k: bigint, factor: bigint): Uint8Array {
  const bytes = new Uint8Array(30)
  const view = new DataView(bytes.buffer, 6)
  view.setBigUint64(0, k, true)
  view.setBigUint64(8, BigInt.asUintN(64, factor), true)
  view.setBigUint64(16, factor >> 64n, true)
  return bytes.subarray(6)
}

test('the input is written as the kernel documents it', () => {
  const view = new DataView(encodeInput(input).buffer)
  const kMin = (2n ** 66n - 1n + 101608593n) / 101608594n
  expect(view.byteLength).toBe(40)
  expect([0, 4, 8, 12].map((at) => view.getUint32(at, true))).toEqual([1, 50804297, 8, 0])
  expect(view.getBigUint64(24, true)).toBe(kMin)
  expect(view.getBigUint64(16, true)).toBe(kMin / 256n)
  expect(view.getBigUint64(32, true)).toBe((2n ** 68n - 2n) / 101608594n)
})

test('a record past 64 bits is read whole', () => {
  const k = 1777608657747n
  const factor = 2n * k * 50804297n + 1n
  expect(decodeOutput(record(k, factor), input)).toEqual({ k: String(k), factor: String(factor) })
})

test('a record that contradicts itself is a failure of the kernel', () => {
  expect(() => decodeOutput(record(4n, 89n), input)).toThrow(KernelFailedError)
  expect(() => decodeOutput(record(0n, 1n), input)).toThrow(KernelFailedError)
  expect(() => decodeOutput(new Uint8Array(16), input)).toThrow('16 bytes')
})
