import type { App } from '../src/apps/app.ts'
import { digestApp, type DigestInput, type DigestOutput } from '../tests/integration/digestApp.ts'

/** As long as the exponent of a Mersenne number at the frontier, and a factor of 64 bits. */
const EXPONENT_BITS = 32
const MODULUS = 2n ** 64n - 59n

/** The digest app, with certificates that cost what those of trial factoring cost: a power of two to a modulus. */
export const benchApp: App<DigestInput, DigestOutput> = {
  ...digestApp,
  load: {
    ...digestApp.load,
    verifier: async () => {
      const plain = await digestApp.load.verifier()
      return {
        check: (input, range, output) => {
          let power = 2n
          for (let bit = 1; bit < EXPONENT_BITS; bit++) power = (power * power * 2n) % MODULUS
          return power === 0n
            ? { status: 'fails', reason: 'the modulus is odd' }
            : plain.check(input, range, output)
        },
      }
    },
  },
}
