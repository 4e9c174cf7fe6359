import type { Page } from '@playwright/test'
import { expect, test, type Coordinator } from './coordinator.ts'
import { lend, watchFrames } from './visit.ts'

interface ListedApp {
  readonly id: string
  readonly title: string
}

/** Two apps that this coordinator has work of. */
async function twoApps({ address }: Coordinator): Promise<[ListedApp, ListedApp]> {
  const answer = (await (await fetch(`${address}/api/apps`)).json()) as ListedApp[]
  const [first, second] = answer
  if (first === undefined || second === undefined) {
    throw new Error('To choose among apps takes two of them, and src/apps/registry.ts has fewer.')
  }
  return [first, second]
}

const box = (page: Page, { title }: ListedApp) => page.getByRole('checkbox', { name: title })
const details = (page: Page) => page.locator('weft-details')

/** The apps of every task that came, oldest first. */
const appsOf = (frames: ReturnType<typeof watchFrames>) =>
  frames.flatMap((frame) =>
    frame.type === 'task' ? frame.workunits.map(({ app }): string => app) : [],
  )

test('who chooses one app gets its workunits and no others, also after a reload', async ({
  page,
  coordinator,
}) => {
  const [unwanted, wanted] = await twoApps(coordinator)
  const frames = watchFrames(page)
  await page.goto(coordinator.address)
  for (const app of [unwanted, wanted]) await expect(box(page, app)).toBeChecked()
  await box(page, unwanted).uncheck()
  await expect(box(page, wanted)).toBeDisabled()
  await expect(page.getByText('One stays chosen')).toBeVisible()
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect(details(page)).toContainText(wanted.title, { timeout: 45_000 })
  await expect.poll(() => appsOf(frames).length, { timeout: 45_000 }).toBeGreaterThan(1)

  await page.reload()
  await expect(box(page, unwanted)).not.toBeChecked()
  await expect(box(page, wanted)).toBeChecked()
  const before = appsOf(frames).length
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect.poll(() => appsOf(frames).length, { timeout: 45_000 }).toBeGreaterThan(before)
  expect(new Set(appsOf(frames))).toEqual(new Set([wanted.id]))
})

test('an app that is unchosen while it runs is given up, and the other goes on', async ({
  page,
  coordinator,
}) => {
  const [first, second] = await twoApps(coordinator)
  const frames = watchFrames(page)
  await lend(page, coordinator)
  await expect.poll(() => appsOf(frames).length, { timeout: 45_000 }).toBeGreaterThan(0)
  const [running, other] = appsOf(frames)[0] === first.id ? [first, second] : [second, first]
  await expect(details(page)).toContainText(running.title, { timeout: 45_000 })
  await box(page, running).uncheck()
  await expect(details(page)).toContainText(other.title, { timeout: 45_000 })
  // One ask at a time: whatever comes after the first that names apps is the answer to such a one.
  const since = frames.findIndex((frame) => frame.type === 'ask' && frame.apps !== undefined)
  await expect
    .poll(() => appsOf(frames.slice(since)).length, { timeout: 45_000 })
    .toBeGreaterThan(1)
  expect(new Set(appsOf(frames.slice(since)))).toEqual(new Set([other.id]))
  await expect(details(page)).not.toContainText(/Not sent yet\s*[1-9]\d/)
  await expect(page.getByText('Running', { exact: true })).toBeVisible()
})
