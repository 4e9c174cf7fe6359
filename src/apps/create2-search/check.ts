import type { Demonstration, DemonstrationStep } from '../app.ts'
import { checksummed, messageOf, nonceOf, saltOf } from './create2.ts'
import { bytesOf, hexOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { hashIn, keccakRounds, padded } from './keccak256.ts'
import { matches } from './pattern.ts'
import { patternText } from './patternText.ts'

/** The hash that CREATE2 takes, round by round: nothing is taken from the output but its claim. */
export function check(input: Input, { salt, address }: Output): Demonstration {
  const message = messageOf(input, nonceOf(salt))
  const states = Array.from(keccakRounds(padded(message)), (state) => hexOf(hashIn(state)))
  const computed = `0x${states.at(-1)?.slice(-40) ?? ''}`
  const itsSalt = salt === saltOf(input, nonceOf(salt))
  const wanted = matches(bytesOf(computed), input.share)
  return {
    method:
      'Write down the byte 0xff, the deployer, the salt and the hash of the init code, 85 bytes together, as EIP-1014 says; mix them in the ' +
      '24 rounds of Keccak-256, and keep the last 20 bytes of the hash',
    columns: ['Part', 'Step', 'State'],
    steps: [
      read('0xff', 'mark CREATE2', '0xff'),
      read('deployer', 'append the deployer', input.deployer),
      read('salt', 'append the salt', salt),
      read('init code', 'append its hash', input.initCodeHash),
      ...states.map((state, i) => read(String(i + 1), `round ${i + 1}`, state)),
      read('address', 'keep the last 20 bytes', computed),
    ],
    conclusion: conclusionOf(computed, { agrees: itsSalt && computed === address, wanted, input }),
    holds: itsSalt && computed === address && wanted,
  }
}

function conclusionOf(
  computed: string,
  { agrees, wanted, input }: { agrees: boolean; wanted: boolean; input: Input },
): string {
  const address = checksummed(computed)
  if (!agrees) return `This salt gives the address ${address}, not the one that was reported`
  if (!wanted) return `${address} is no address with ${patternText(input.share)}`
  return `This salt gives the address ${address}, which has ${patternText(input.share)}`
}

/** Marks stand in a row: a space keeps them apart. */
function read(mark: string, action: string, value: string): DemonstrationStep {
  return { mark: `${mark} `, action, value: value.length > 44 ? `${value.slice(0, 34)}…` : value }
}
