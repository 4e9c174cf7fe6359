import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { getContractAddress, type Hex } from 'viem'
import { apps } from '../../src/apps/registry.ts'
import { runWeft } from '../../src/cli/testing/runWeft.ts'
import { TaskReports, TestHost } from './testHost.ts'
import { request, SUBMIT_TOKEN, testServer } from './testServer.ts'

const DEPLOYER = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const HASH = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
/** 2^26 salts of which six give three leading zero bytes, and one goes on with a `b`. */
const LINE = `deployer=${DEPLOYER} initcodehash=${HASH} saltprefix=0x01 prefix=0x000000b salts=2^26 name=mine`
const FOUND = {
  salt: `0x01${'00'.repeat(23)}00000000004a9705`,
  address: '0x000000b0d3148eef059a072181e1c057b2bdb08e',
}
const SALTS = 2 ** 26

interface Found {
  readonly output: { readonly salt: Hex; readonly address: Hex }
}

test(
  'a search goes from a file to its ranking by the command line: hosts find shares, and the requester gets the winner among them',
  { timeout: 120_000 },
  async () => {
    const server = await testServer({}, { apps })
    const weft = (...args: string[]) => weftOn(server.address, args)
    const submitted = await weftOn(
      server.address,
      ['submit', '-', '--app', 'create2-search', '--json'],
      LINE,
    )
    expect([submitted.code, submitted.stderr]).toMatchObject([0, expect.any(String)])
    const { id } = (JSON.parse(submitted.stdout) as { batch: { id: string } }).batch
    const following = weft('results', id, '--follow')

    const host = fork(join(import.meta.dirname, 'headlessHost.ts'), [server.address, '2'])
    onTestFinished(() => void host.kill('SIGKILL'))
    const followed = await following
    host.send('stop')
    await once(host, 'exit')
    expect(followed.code).toBe(0)
    const wanted = linesOf<Found>(followed.stdout).map(({ output }) => output)
    expect(wanted).toEqual([FOUND])

    // Everybody else sees shares, and not what they were for.
    const { body } = await request(server, `/api/batches/${id}/results`)
    const shares = (body.items as Found[]).map(({ output }) => output)
    expect(JSON.stringify(body)).not.toContain('target')
    for (const { salt, address } of shares) {
      const computed = getContractAddress({
        opcode: 'CREATE2',
        from: DEPLOYER,
        bytecodeHash: HASH,
        salt,
      })
      expect(computed.toLowerCase()).toBe(address)
    }
    expect(shares).toContainEqual(FOUND)

    // Found and expected, as the coordinator keeps them of the host: 2^26 salts at 2^-24 each.
    expect(shares).toHaveLength(6)
    const { items } = (await request(server, '/api/hosts')).body
    expect(items).toHaveLength(1)
    const { yields } = (await request(server, `/api/hosts/${items[0].id}`)).body
    expect(yields).toEqual([
      {
        app: 'create2-search',
        version: 1,
        expected: expect.closeTo(4, 9),
        found: 6,
        suspicious: false,
      },
    ])

    const ranking = await weft('results', id, '--format', 'ranking')
    expect(linesOf(ranking.stdout)).toEqual([
      expect.objectContaining({
        name: 'mine',
        deployer: DEPLOYER,
        salts: String(SALTS),
        complete: true,
        found: [
          {
            salt: FOUND.salt,
            address: expect.stringMatching(new RegExp(`^${FOUND.address}$`, 'i')),
            leadingZeroBytes: 3,
            zeroBytes: 3,
          },
        ],
      }),
    ])
  },
)

test('a forged salt is refused, and so is one that belongs to another slice', async () => {
  const server = await testServer({}, { apps })
  const { body } = await request(server, '/api/batches', {
    method: 'POST',
    headers: { authorization: `Bearer ${SUBMIT_TOKEN}` },
    body: { app: 'create2-search', text: LINE },
  })
  expect(body.batch.workunits).toBe(1)
  const host = await TestHost.enter(server.port, undefined, [{ id: 'create2-search', version: 1 }])
  const reports = new TaskReports(await host.ask(2_000), host.identity)
  const slices = reports.slices()
  // The winner is in item 18 of 256.
  const its = slices.findIndex(([, start, log2]) => start <= 18 && 18 < start + 2 ** log2)
  const another = slices.findIndex((_, index) => index !== its)
  expect(its).toBeGreaterThanOrEqual(0)
  const forged = { ...FOUND, salt: FOUND.salt.replace(/5$/, '6') }
  const prettier = { ...FOUND, address: `0x${'00'.repeat(20)}` }
  for (const [slice, output] of [
    [its, forged],
    [its, prettier],
    [another, FOUND],
  ] as const) {
    const ack = await host.report(
      reports.next([slices[slice] as (typeof slices)[number]], { outputs: [[0, output]] }),
    )
    expect(ack).toMatchObject({ acceptedItems: 0, credit: 0n, refused: [[0, 'bad-output']] })
  }
  const honest = await host.report(
    reports.next([slices[its] as (typeof slices)[number]], { outputs: [[0, FOUND]] }),
  )
  expect(honest.refused).toEqual([])
})

test('an address made to be taken for another is refused with the reason, and so is its estimate', async () => {
  const server = await testServer({}, { apps })
  const lookalike = `deployer=${DEPLOYER} initcodehash=${HASH} prefix=0xdac17f9 salts=2^40`
  for (const verb of ['submit', 'estimate']) {
    const { code, stderr } = await weftOn(
      server.address,
      [verb, '-', '--app', 'create2-search'],
      lookalike,
    )
    expect(code).toBe(3)
    expect(stderr).toContain('looks like the address of USDT')
  }
})

function weftOn(address: string, args: readonly string[], input = '') {
  const env = { WEFT_SERVER: address, WEFT_SUBMIT_TOKEN: SUBMIT_TOKEN }
  return runWeft(['batch', ...args], { env, input })
}

function linesOf<Line>(stdout: string): Line[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
}
