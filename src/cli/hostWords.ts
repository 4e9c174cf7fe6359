import type { GpuState } from '../client/gpuState.ts'
import type { IdleReason, Phase, Snapshot } from '../client/snapshot.ts'
import { adapterName } from './adapterName.ts'

/** What a host shows of itself, and what was found out besides. */
export interface HostView {
  readonly snapshot: Snapshot
  readonly threads: number
  /** Why no session opens, without a full stop; undefined while nothing is wrong, or it is not known. */
  readonly trouble: string | undefined
}

const STARTING: Readonly<Record<Extract<Phase, { state: 'starting' }>['step'], string>> = {
  connecting: 'Starting: asking the coordinator for work.',
  'fetching-kernel': 'Starting: fetching the kernel, which runs only if its hash is the known one.',
  measuring: 'Starting: measuring this machine.',
}

const IDLE: Readonly<Record<Exclude<IdleReason, 'disconnected'>, string>> = {
  'no-batches': 'Idle: there is nothing to compute. It goes on when somebody submits a batch.',
  'all-leased':
    'Idle: all the work there is has been handed out. It goes on when some of it comes free.',
  'no-app-in-common': 'Idle: this program cannot run the work there is. A newer version of it may.',
  'none-of-your-apps':
    'Idle: there is no work of the apps that were chosen. It goes on when there is, or when more are chosen.',
  'another-tab': 'Idle: another process of this machine computes. It goes on when that one stops.',
  'too-many-tasks':
    'Idle: this host holds all the tasks it may. It goes on when one is reported or its lease ends.',
}

/** What a host does; why it idles, and what would change that. */
export function phaseSentence({ snapshot, trouble }: HostView): string {
  const { phase, connection } = snapshot
  switch (phase.state) {
    case 'stopped':
      return 'Stopped.'
    case 'starting':
      return STARTING[phase.step]
    case 'running':
      return connection.state === 'open'
        ? 'Running.'
        : `Running${because(trouble, ', but not connected')}. What is finished is kept, and sent later.`
    case 'idle':
      return phase.reason === 'disconnected'
        ? `Idle: the coordinator cannot be reached${because(trouble)}. It keeps trying; what is finished is kept.`
        : IDLE[phase.reason]
  }
}

function because(trouble: string | undefined, before = ''): string {
  return trouble === undefined ? before : `${before} (${trouble})`
}

/** When it tries again, or an empty text. @param now `Date.now()` ms */
export function retrySentence({ snapshot }: HostView, now: number): string {
  const { phase, connection } = snapshot
  if (phase.state !== 'idle') return ''
  const at = phase.retryAt ?? (connection.state === 'waiting' ? connection.retryAt : undefined)
  return at === undefined ? '' : `Again in ${Math.max(0, Math.ceil((at - now) / 1_000))} s.`
}

/** What it is worth now: speed, share, credit, what waits. */
export function figuresText({ snapshot, threads }: HostView): string {
  const { itemsPerSecond, busyShare, gpuBusyShare, backends, creditEarned, unsentSlices } = snapshot
  const gpu = backends.includes('webgpu') ? [`GPU ${percent(gpuBusyShare)}`] : []
  const processor = `${percent(busyShare)} of ${countOf(threads, 'thread')}`
  const unsent = unsentSlices === 0 ? [] : [`${countOf(unsentSlices, 'slice')} unsent`]
  return [
    `${itemsPerSecond.toFixed(itemsPerSecond < 99.95 ? 1 : 0)} items/s`,
    ...(backends.includes('wasm') ? [processor] : []),
    ...gpu,
    `${creditText(creditEarned)} credit${allVisits(snapshot)}`,
    ...unsent,
  ].join(', ')
}

/** What a visit came to, and what became of it. @param file where the host is kept */
export function visitSentence({ snapshot }: HostView, file: string): string {
  const { slicesDone, itemsDone, creditEarned, unsentSlices, storage } = snapshot
  const kept = storage === 'kept' ? `kept in ${file}, sent at the next start` : 'lost with this end'
  const unsent =
    unsentSlices === 0
      ? 'Nothing waits to be delivered.'
      : `Not delivered: ${countOf(unsentSlices, 'slice')}, ${kept}.`
  const done = `${countOf(slicesDone, 'slice')}, ${countOf(itemsDone, 'item')}`
  return `This visit: ${done}, ${creditText(creditEarned)} credit${allVisits(snapshot)}. ${unsent}`
}

/** How it stands with the GPU; undefined while there is nothing to say. */
export function gpuSentence(gpu: GpuState, computes: Snapshot['backends']): string | undefined {
  switch (gpu.state) {
    case 'untried':
    case 'measuring':
      return undefined
    case 'unavailable':
      return `The GPU is not used: ${gpu.why}.`
    case 'measured': {
      const times = gpu.speeds.webgpu / Math.max(gpu.speeds.wasm, 1)
      const speed = times < 1 ? percent(times) : `${Number(times.toPrecision(2))} times`
      const use = computes.map((backend) => (backend === 'wasm' ? 'processor' : 'GPU'))
      return `The GPU, ${adapterName(gpu.adapter)}, has ${speed} the speed of the processor. What computes: ${use.join(' and ')}.`
    }
  }
}

/** This host's credit, once the coordinator has said it. */
function allVisits({ credit, trust }: Snapshot): string {
  if (trust === undefined) return ''
  const provisional = credit.reported === 0n ? '' : `, ${creditText(credit.reported)} provisional`
  return ` (all visits ${creditText(credit.reported + credit.final)}${provisional})`
}

function creditText(credit: bigint): string {
  return credit.toLocaleString('en')
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
