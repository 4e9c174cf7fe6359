import { getContractAddress } from 'viem'
import { expect, test } from './coordinator.ts'
import { lend, submitBatch } from './visit.ts'

const DEPLOYER = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const HASH = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
/** Of its 2^23 salts one gives an address that begins like this (tests/integration/create2Search.test.ts). */
const LINE = `deployer=${DEPLOYER} initcodehash=${HASH} saltprefix=0x01 prefix=0x000000b salts=2^23 name=mine`

test('a search that a requester submits is computed by a page, checked there, and downloaded with its winner', async ({
  page,
  context,
  emptyCoordinator: coordinator,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const id = await submitBatch(coordinator, LINE, 'create2-search')
  await lend(page, coordinator)

  const find = page.locator('weft-find').filter({ hasText: '3 leading zero bytes' }).first()
  await expect(find).toBeVisible({ timeout: 60_000 })
  await expect(find).toContainText('requested')
  await find.getByRole('button', { name: 'Copy salt' }).click()
  const salt = await page.evaluate(() => navigator.clipboard.readText())
  await find.getByRole('button', { name: 'Copy address' }).click()
  const address = await page.evaluate(() => navigator.clipboard.readText())
  expect(address).toBe(
    getContractAddress({
      opcode: 'CREATE2',
      from: DEPLOYER,
      bytecodeHash: HASH,
      salt: salt as `0x${string}`,
    }),
  )
  await find.getByRole('button', { name: 'Check' }).click()
  await expect(find.locator('weft-check')).toContainText(`This salt gives the address ${address}`, {
    timeout: 15_000,
  })

  const headers = { authorization: `Bearer ${coordinator.submitToken()}` }
  const outcomes = `${coordinator.address}/api/batches/${id}/outcomes?format=ranking`
  const items = async () =>
    ((await (await fetch(outcomes, { headers })).json()) as { items: { line: string }[] }).items
  await expect.poll(items, { timeout: 60_000 }).toHaveLength(1)
  const [outcome] = await items()
  expect(JSON.parse(outcome?.line ?? '')).toMatchObject({
    name: 'mine',
    complete: true,
    found: [{ salt, address, leadingZeroBytes: 3 }],
  })
})

test('what a newcomer gets comes of both apps, in turns', async ({ page, coordinator }) => {
  await lend(page, coordinator)
  const finds = page.locator('weft-finds')
  await expect(finds).toContainText('is divisible by', { timeout: 60_000 })
  await expect(finds).toContainText('leading zero bytes', { timeout: 60_000 })
})
