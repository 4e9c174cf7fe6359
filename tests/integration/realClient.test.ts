import { expect, onTestFinished, test } from 'vitest'
import { apps } from '../../src/apps/registry.ts'
import { headlessContributor } from '../../src/client/headless.node.ts'
import { seededRandom } from '../seededRandom.ts'
import { powerOfTwo } from './powerOfTwo.ts'
import { request, SUBMIT_TOKEN, testServer } from './testServer.ts'

const random = seededRandom('exponents')
const BIT_LO = 28
const BIT_HI = 43

test(
  'lines that are written nowhere, computed by a real host, give exactly the factors there are',
  { timeout: 60_000 },
  async () => {
    // Fresh exponents each time, until there is something to find.
    const expected = new Map<number, string[]>()
    while (expected.size < 3 || ![...expected.values()].some((factors) => factors.length > 0)) {
      const exponent = randomPrime(300_000_000, 900_000_000)
      expected.set(exponent, factorsByHand(exponent))
    }
    const lines = [...expected.keys()].map((p) => `Factor=N/A,${p},${BIT_LO},${BIT_HI}`)

    const server = await testServer({}, { apps })
    const { status, body } = await request(server, '/api/batches', {
      method: 'POST',
      headers: { authorization: `Bearer ${SUBMIT_TOKEN}` },
      body: { app: 'mersenne-tf', text: [...lines, 'PRP=1,2,3,-1'].join('\n') },
    })
    expect(status).toBe(201)
    expect(body.refused).toMatchObject([{ line: lines.length + 1 }])
    const batch: string = body.batch.id

    const contributor = headlessContributor({ server: server.address, threads: 2 })
    onTestFinished(() => contributor.stop())
    contributor.start()
    const finished = async () => {
      const { phase } = contributor.snapshot
      if (phase.state === 'stopped') return phase.why
      return (await request(server, `/api/batches/${batch}`)).body.finished
    }
    await expect.poll(finished, { timeout: 50_000, interval: 200 }).toBe(lines.length)
    await contributor.stop()

    const { body: results } = await request(server, `/api/batches/${batch}/results?limit=500`)
    const { body: workunits } = await request(server, `/api/batches/${batch}/workunits`)
    for (const workunit of workunits.items) {
      const found = results.items
        .filter((result: { workunit: string }) => result.workunit === workunit.id)
        .map((result: { output: { factor: string } }) => result.output.factor)
      expect(found.toSorted()).toEqual(expected.get(workunit.input.exponent)?.toSorted())
    }
    const { body: after } = await request(server, `/api/batches/${batch}`)
    expect(after.itemsFinal).toBe(after.items)
    expect((await request(server, '/api/stats')).body.items).toBe(after.items)
  },
)

/** Every divisor of 2^p - 1 of the form 2kp + 1 in the range, by nothing but the definition. */
function factorsByHand(exponent: number): string[] {
  const p = BigInt(exponent)
  const factors: string[] = []
  const last = (2n ** BigInt(BIT_HI) - 1n - 1n) / (2n * p)
  for (let k = (2n ** BigInt(BIT_LO) - 2n) / (2n * p) + 1n; k <= last; k++) {
    const f = 2n * k * p + 1n
    if (f % 3n !== 0n && f % 5n !== 0n && f % 7n !== 0n && powerOfTwo(p, f) === 1n) {
      factors.push(String(f))
    }
  }
  return factors
}

function randomPrime(from: number, to: number): number {
  for (;;) {
    const candidate = from + Math.floor(random() * (to - from))
    if (isPrime(candidate)) return candidate
  }
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
  return n > 1
}
