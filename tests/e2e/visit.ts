import type { BrowserContext, Page } from '@playwright/test'
import { decodeFrame } from '../../src/protocol/frame.ts'
import {
  coordinatorFrameSchema,
  hostFrameSchema,
  type CoordinatorFrame,
  type HostFrame,
} from '../../src/protocol/messages.ts'
import { expect, type Coordinator } from './coordinator.ts'

/** What a person does first. On a slow machine everything takes its time: who waits for what follows waits long. */
export async function lend(page: Page, coordinator: Coordinator): Promise<void> {
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
}

/** Resolves when the coordinator has stored a few slices. */
export async function untilSlicesAreStored(coordinator: Coordinator): Promise<void> {
  await expect
    .poll(async () => (await stats(coordinator)).slices, { timeout: 45_000 })
    .toBeGreaterThan(2)
}

export async function stats({ address }: Coordinator): Promise<{ slices: number; items: number }> {
  return (await (await fetch(`${address}/api/stats`)).json()) as { slices: number; items: number }
}

/** Hands in a batch as a requester would. @returns its id */
export async function submitBatch(
  coordinator: Coordinator,
  text: string,
  app = 'mersenne-tf',
): Promise<string> {
  const answer = await fetch(`${coordinator.address}/api/batches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${coordinator.submitToken()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ app, title: 'Test', text }),
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { batch: { id: string } }).batch.id
}

interface Result {
  readonly output: { readonly factor: string }
}

export async function results(
  { address }: Coordinator,
  batch = 'practice-mersenne-tf-1',
): Promise<Result[]> {
  const answer = await fetch(`${address}/api/batches/${batch}/results?limit=500`)
  return ((await answer.json()) as { items: Result[] }).items
}

/** The factors that a batch has come to so far, in the order of their digits. */
export async function factorsFound(coordinator: Coordinator, batch?: string): Promise<string[]> {
  return (await results(coordinator, batch)).map(({ output }) => output.factor).toSorted()
}

/** How many finished slices the page says it has not sent. */
export async function unsent(page: Page): Promise<number> {
  const shown = await page.locator('weft-details dl').textContent()
  return Number(/Not sent yet\s*(\d+)/.exec(shown ?? '')?.[1] ?? 0)
}

/** What a page asked for, from its first moment on. */
export function watchTraffic(page: Page): { urls: string[]; sockets: string[]; workers: string[] } {
  const seen = { urls: [] as string[], sockets: [] as string[], workers: [] as string[] }
  page.on('request', (request) => seen.urls.push(request.url()))
  page.on('websocket', (socket) => seen.sockets.push(socket.url()))
  page.on('worker', (worker) => seen.workers.push(worker.url()))
  return seen
}

/** Every frame of the volunteer protocol that a page sends and hears, as the protocol reads it, in order. */
export function watchFrames(page: Page): (HostFrame | CoordinatorFrame)[] {
  const frames: (HostFrame | CoordinatorFrame)[] = []
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      frames.push(decodeFrame(hostFrameSchema, Buffer.from(payload)))
    })
    socket.on('framereceived', ({ payload }) => {
      frames.push(decodeFrame(coordinatorFrameSchema, Buffer.from(payload)))
    })
  })
  return frames
}

/** What the browser complains of on a page: errors and warnings in its console, uncaught ones, violations of the page's policy. */
export async function watchComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.exposeFunction('complain', (text: string) => complaints.push(text))
  await page.addInitScript(() => {
    const { complain } = globalThis as unknown as { complain: (text: string) => void }
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      complain(`${violatedDirective} ${blockedURI}`),
    )
  })
  return complaints
}

/** Kills the renderer of a page, as a crash or the system would: not one line of the page's code runs any more. */
export async function crash(page: Page, context: BrowserContext): Promise<void> {
  const session = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // It has no answer: who should give it is gone.
  session.send('Page.crash').catch(() => undefined)
  await crashed
  await page.close()
}

/** A task that waits in the page's storage. */
export interface Waiting {
  readonly token: readonly number[]
  /** First item and log2 of the length of each finished slice, in order. */
  readonly slices: readonly (readonly [start: number, log2: number])[]
}

/** What earlier visits left in this browser's storage for the next one. */
export function waitingTasks(page: Page, { address }: Coordinator): Promise<Waiting[]> {
  return page.evaluate(
    (name) =>
      new Promise<Waiting[]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('error', () => reject(new Error('no storage')))
        opening.addEventListener('success', () => {
          const all = opening.result.transaction('tasks').objectStore('tasks').getAll()
          all.addEventListener('error', () => reject(new Error('no tasks')))
          all.addEventListener('success', () => {
            opening.result.close()
            resolve(
              all.result.map(({ token, inFlight, finished }) => ({
                token: [...token],
                slices: [
                  ...(inFlight?.slices ?? []),
                  ...finished.map(({ slice }: { slice: unknown }) => slice),
                ].map(([, start, log2]) => [start, log2] as const),
              })),
            )
          })
        })
      }),
    `weft ${new URL(address).host}`,
  )
}
