import { expect, test } from 'vitest'
import * as v from 'valibot'
import { firstSnapshot } from '../client/firstSnapshot.ts'
import type { IdleReason, Snapshot } from '../client/snapshot.ts'
import { hostIdOf } from '../protocol/ids.ts'
import { InterruptedError } from './errors.ts'
import type { HostView } from './hostWords.ts'
import { jsonReport } from './jsonReport.ts'
import { peopleReport } from './peopleReport.ts'

const options = {
  server: new URL('http://localhost:8787'),
  backend: 'auto',
  threads: 2,
  duty: 50,
  dataDir: 'data',
} as const

function viewOf(change: Partial<Snapshot>, trouble?: string): HostView {
  const snapshot: Snapshot = {
    ...firstSnapshot(0.5, 2, 'auto'),
    phase: { state: 'running' },
    connection: { state: 'open' },
    trust: 'none',
    host: hostIdOf(new Uint8Array(16)),
    ...change,
  }
  return { snapshot, threads: 2, trouble }
}

const idle = (reason: IdleReason, retryAt = 12_000): Partial<Snapshot> => ({
  phase: { state: 'idle', reason, since: 0, retryAt },
})

/** What is written, and a clock that is set by hand. */
function stage(terminal?: { columns: number }) {
  const written: string[] = []
  const clock = { at: 0 }
  const out = {
    write: (text: string | Uint8Array) => written.push(String(text)) > 0,
    ...(terminal && { isTTY: true, ...terminal }),
  }
  return { written, clock, out, now: () => clock.at }
}

test('in a pipe there is a line for every change, and one with the figures each half minute', () => {
  const { written, clock, out, now } = stage()
  const report = peopleReport(out, 'data', now)
  const running = viewOf({ itemsPerSecond: 12.34, busyShare: 0.5, creditEarned: 1_234n })
  for (clock.at = 0; clock.at < 61_000; clock.at += 250) report.look(running)
  const figures = '12.3 items/s, 50 % of 2 threads, 1,234 credit (all visits 0).\n'
  expect(written).toEqual(['Running.\n', figures, figures])
  report.look(viewOf(idle('no-batches')))
  report.look(viewOf(idle('no-batches', 99_000)))
  expect(written.slice(3)).toEqual([
    'Idle: there is nothing to compute. It goes on when somebody submits a batch.\n',
  ])
})

test('on a terminal one line is redrawn, never wraps, and says when it tries again', () => {
  const { written, out, now } = stage({ columns: 60 })
  const report = peopleReport(out, 'data', now)
  report.look(viewOf(idle('disconnected'), 'connect ECONNREFUSED 127.0.0.1:8787'))
  report.look(viewOf({ unsentSlices: 3, gpuBusyShare: 0.97, backends: ['wasm', 'webgpu'] }))
  expect(written).toHaveLength(2)
  for (const line of written) {
    expect(line.startsWith('\r\u001B[2K')).toBe(true)
    expect(line.slice(5).length).toBeLessThan(60)
    expect(line).not.toContain('\n')
  }
  const wide = stage({ columns: 300 })
  const wideReport = peopleReport(wide.out, 'data', wide.now)
  wideReport.look(viewOf(idle('all-leased')))
  expect(wide.written.at(-1)).toContain('Again in 12 s.')
  wideReport.look(viewOf({ unsentSlices: 3, gpuBusyShare: 0.97, backends: ['wasm', 'webgpu'] }))
  expect(wide.written.at(-1)).toMatch(/Running\. 0\.0 items\/s, .*GPU 97 %.*3 slices unsent$/)
})

test('every reason to idle says what would change it', () => {
  const reasons: readonly IdleReason[] = [
    'disconnected',
    'no-batches',
    'all-leased',
    'no-app-in-common',
    'none-of-your-apps',
    'another-tab',
    'too-many-tasks',
  ]
  const { written, out, now } = stage()
  const report = peopleReport(out, 'data', now)
  for (const reason of reasons) report.look(viewOf(idle(reason)))
  expect(written).toHaveLength(reasons.length)
  for (const line of written) expect(line).toMatch(/^Idle: [^.]+\. [^.]+\.\n$/)
})

test('how fast the GPU is and what computes is said once, and again when it changes', () => {
  const { written, out, now } = stage()
  const report = peopleReport(out, 'data', now)
  const adapter = { vendor: 'v', architecture: '', device: '', description: 'Card 7' }
  const gpu = {
    state: 'measured',
    adapter: { ...adapter, fallback: false, level: 'core', timestamps: true },
    speeds: { wasm: 1_000, webgpu: 123_456, both: undefined },
    chosen: 'webgpu',
  } as const
  report.look(viewOf({ gpu, backends: ['webgpu'] }))
  report.look(viewOf({ gpu, backends: ['webgpu'] }))
  report.look(viewOf({ gpu: { state: 'unavailable', reason: 'lost', why: 'it is gone' } }))
  expect(written.filter((line) => line.includes('GPU'))).toEqual([
    'The GPU, Card 7, has 120 times the speed of the processor. What computes: GPU.\n',
    'The GPU is not used: it is gone.\n',
  ])
})

test('an end says what was not delivered, and where it waits', () => {
  const { written, out, now } = stage()
  const why = new InterruptedError('SIGINT')
  const unsent = { slicesDone: 1, itemsDone: 4, unsentSlices: 1 }
  peopleReport(out, 'data', now).stopped(why, viewOf({ ...unsent, trust: undefined }))
  expect(written).toEqual([
    'This visit: 1 slice, 4 items, 0 credit. Not delivered: 1 slice, kept in data/host.sqlite, sent at the next start.\n',
  ])
  peopleReport(out, 'data', now).stopped(why, viewOf({ ...unsent, storage: 'in-memory' }))
  expect(written.at(-1)).toContain('lost with this end')
})

test('for programs every line is an event, and credit keeps every digit', () => {
  const { written, clock, out, now } = stage()
  const report = jsonReport(out, now)
  const final = 2n ** 80n
  const view = viewOf({ credit: { reported: 5n, final } })
  report.started(options, view)
  for (clock.at = 0; clock.at < 6_000; clock.at += 250) report.look(view)
  report.look(viewOf(idle('no-batches')))
  report.stopped(new InterruptedError('SIGTERM'), view)
  const event = v.looseObject({ event: v.string(), at: v.pipe(v.string(), v.isoTimestamp()) })
  const events = written.map((line) => v.parse(event, JSON.parse(line)))
  expect(events).toMatchObject([
    { event: 'start', server: 'http://localhost:8787', host: 'AAAAAAAAAAAAAAAAAAAAAA', duty: 50 },
    { event: 'phase', state: 'running', connected: true, sentence: 'Running.' },
    { event: 'progress', hostCredit: { reported: '5', final: String(final) } },
    { event: 'phase', state: 'idle', reason: 'no-batches', retryAt: '1970-01-01T00:00:12.000Z' },
    { event: 'stop', code: 'interrupted', signal: 'SIGTERM' },
  ])
})
