import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import type { Contributor } from '../client/contributor.ts'
import { headlessContributor } from '../client/headless.node.ts'
import { parseConfig } from '../server/config.ts'
import { startServer } from '../server/serve.ts'
import { coordinatorApi, type CoordinatorApi } from './coordinatorApi.ts'
import { HostStoppedError, InterruptedError } from './errors.ts'
import { onStopSignal } from './onStopSignal.ts'
import { terminalProgress } from './progress.ts'
import { readText } from './readText.ts'

const LOOK_EVERY_MS = 300
/** Its finds prove themselves by arithmetic that one can do by hand. */
const APP = 'mersenne-tf'
const WORKTODO = new URL('../../examples/demo.worktodo.txt', import.meta.url)

export interface DemoOptions {
  readonly json?: true
  readonly threads?: number
  readonly worktodo?: string
}

/**
 * The whole of Weft in one terminal: a coordinator, a batch submitted over its API, and a host that computes it. Leaves nothing
 * behind, however it ends.
 *
 * @throws HostStoppedError, RefusedError, InvalidInputError
 * @throws InterruptedError after SIGINT or SIGTERM
 */
export async function demo(options: DemoOptions): Promise<void> {
  const threads = options.threads ?? availableParallelism()
  const text = await readText(options.worktodo ?? WORKTODO, '--worktodo')
  const interrupted = new AbortController()
  onStopSignal((signal) => interrupted.abort(new InterruptedError(signal)))
  const out = options.json ? process.stderr : process.stdout
  const dataDir = await mkdtemp(join(tmpdir(), 'weft-demo-'))
  try {
    const result = await runBatch({ text, threads, dataDir, out, signal: interrupted.signal })
    out.write(
      `${result.workunits} workunits, ${result.items} items in ${result.slices} slices, ${result.factors.length} factors in ${result.seconds.toFixed(1)} s. ` +
        'Nothing was audited: these results are provisional.\n',
    )
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  } finally {
    await rm(dataDir, { recursive: true })
  }
}

interface BatchRun {
  readonly text: string
  readonly threads: number
  readonly dataDir: string
  readonly out: NodeJS.WriteStream
  readonly signal: AbortSignal
}

async function runBatch({ text, threads, dataDir, out, signal }: BatchRun) {
  const flags = { port: '0', 'data-dir': dataDir, seed: 'off', 'log-level': 'warn' }
  const server = await startServer(parseConfig({}, flags))
  const host = headlessContributor({ server: server.address, threads })
  const startedAt = performance.now()
  try {
    const api = coordinatorApi(server.address, { token: server.submitToken })
    const { batch, refused } = await api.submit({ app: APP, title: 'Demo', text })
    for (const { line, reason } of refused) out.write(`Line ${line} was left out: ${reason}\n`)
    host.start()
    await watch({ api, id: batch.id, host, out, signal })
    await host.stop()
    const seconds = Math.round(performance.now() - startedAt) / 1_000
    return await summarise(api, batch.id, seconds)
  } finally {
    await host.stop()
    await server.stop()
  }
}

interface Watching {
  readonly api: CoordinatorApi
  readonly id: string
  readonly host: Contributor
  readonly out: NodeJS.WriteStream
  readonly signal: AbortSignal
}

/** Shows progress and every factor as it arrives, until the batch is finished; throws when it cannot be. */
async function watch({ api, id, host, out, signal }: Watching): Promise<void> {
  const progress = terminalProgress(out)
  let told = 0
  try {
    for (;;) {
      const batch = await api.batch(id)
      const results = await api.results(id)
      for (const { sentence } of results.slice(told)) progress.say(sentence)
      told = results.length
      const done = batch.itemsReported + batch.itemsFinal
      progress.show(done / batch.items, `${done} of ${batch.items} items, ${told} factors`)
      if (batch.finished === batch.workunits) return
      const { phase } = host.snapshot
      if (phase.state === 'stopped')
        throw new HostStoppedError(phase.why, ' before the batch was done')
      // What ends the nap early is told by the signal itself.
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  } finally {
    progress.end()
  }
}

const inputSchema = v.object({ exponent: v.number() })
const outputSchema = v.object({ factor: v.string(), k: v.string() })

async function summarise(api: CoordinatorApi, id: string, seconds: number) {
  const { workunits, items } = await api.batch(id)
  const { slices, verified } = await api.stats()
  const exponents = new Map(
    (await api.workunits(id)).map((one) => [one.id, v.parse(inputSchema, one.input).exponent]),
  )
  const factors = (await api.results(id)).map(({ workunit, output }) => ({
    exponent: exponents.get(workunit),
    ...v.parse(outputSchema, output),
  }))
  return { workunits, items, slices, factors, seconds, verified }
}
