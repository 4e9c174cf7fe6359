import type { View } from '../app.ts'
import { check } from './check.ts'
import { checksummed } from './create2.ts'
import { bytesOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { outlook } from './outlook.ts'
import { leadingZeroBytesOf, zeroBytesOf } from './pattern.ts'
import { bytesText, patternText } from './patternText.ts'

const LABELS = {
  practice: 'practice: nobody asked for this address',
  frontier: 'frontier',
  request: 'requested',
} as const

/** How salts and addresses look and read. */
export const view: View<Input, Output> = {
  describe: ({ deployer, share, target }) =>
    `Looking for contract addresses of ${shortened(deployer)} with ${patternText(target ?? share)}`,
  tell: (_input, { address }) => `${checksummed(address)} has ${zerosText(address)}`,
  label: (kind) => LABELS[kind],
  facts: (_input, { salt, address }) => [
    { name: 'Address', value: checksummed(address) },
    { name: 'Salt', value: salt },
  ],
  outlook,
  check,
}

/** As wallets show addresses: whoever needs all of it has it in the request. */
function shortened(address: string): string {
  const whole = checksummed(address)
  return `${whole.slice(0, 6)}…${whole.slice(-4)}`
}

function zerosText(address: string): string {
  const bytes = bytesOf(address)
  const [leading, total] = [leadingZeroBytesOf(bytes), zeroBytesOf(bytes)]
  if (total === 0) return 'no zero byte'
  if (leading === total) return bytesText(leading, 'leading zero byte')
  const all = bytesText(total, 'zero byte')
  return leading === 0 ? all : `${bytesText(leading, 'leading zero byte')}, ${all} in all`
}
