import type { Backend, BackendPreference, GpuRefusalReason } from '../client/gpuState.ts'
import type {
  Connection,
  Find,
  IdleReason,
  Phase,
  RefusedBecause,
  Stitch,
  StopReason,
} from '../client/snapshot.ts'
import type { Missing } from './missingParts.ts'

/** A short statement and what follows from it. */
export interface Sentence {
  readonly title: string
  readonly detail: string
}

/**
 * Every English word of the site. Another language is another object of this shape; powers are written `2^p`, and
 * elements set them as superscripts.
 */
export const text = {
  brand: 'Weft',
  headline: 'Lend this device’s spare time to searches too long for one machine.',
  start: 'Lend computing time',
  stop: 'Stop',
  reload: 'Reload the page',
  title: { stopped: 'Weft', running: 'Running · Weft', idle: 'Idle · Weft' },

  termsHeading: 'Before you press',
  /** What a yes means, in the order in which people ask. */
  terms: (
    coordinator: string,
    abouts: readonly string[],
  ): readonly { term: string; said: string }[] => [
    {
      term: 'What',
      said: `${abouts.join('\n')}\nAll of it for the operator of ${coordinator} and whoever asks there.`,
    },
    {
      term: 'How hard',
      said: 'As the slider says and no harder. The graphics processor may be used as well, if it helps; below the slider you can say no to it.',
    },
    {
      term: 'Cost',
      said: 'Electricity and warmth: roughly a few watts for each busy core of a modest laptop; a large graphics card can take a hundred and more. Yours is not measured.',
    },
    {
      term: 'Earned',
      said: 'Credit, which counts work done. It is not money.',
    },
    {
      term: 'Identity',
      said: 'No sign-up, no account, no wallet. This device makes a key and signs its work with it.',
    },
    {
      term: 'Yes and no',
      said: 'Nothing runs before you press. One press stops it. It never starts by itself.',
    },
  ],

  figuresHeading: 'This visit',
  figures: {
    itemsPerSecond: 'items a second',
    slices: 'slices finished',
    credit: 'credit',
    deviceCredit: 'All visits',
    ofCredit: (count: string) => `${count} credit`,
    unsent: 'Not sent yet',
    unsentSlices: (count: number) => (count === 1 ? '1 slice' : `${count} slices`),
    unknown: 'known once connected',
    provisional: 'provisional',
    work: 'At hand',
    noWork: 'No workunit yet',
    more: (count: number) => `and ${count} more`,
    kernel: 'Running code',
    source: 'read its source',
    noKernel: 'Nothing has been fetched yet',
    kernelName: (app: string, version: number) => `${app} ${version}`,
    languages: { wasm: 'WebAssembly', webgpu: 'WGSL' } satisfies Record<Backend, string>,
    kernelHash: (hash: string) => `SHA-256 ${hash}…`,
    connection: 'Coordinator',
    inMemory: 'this browser denies storage, so unsent work and this device’s key end with the tab',
  },

  choice: {
    heading: 'What to compute',
    any: 'Any of these, as there is work. You may change it at any time.',
    last: 'One stays chosen; to compute nothing, do not press, or press Stop.',
  },

  backend: {
    label: 'What computes',
    choices: {
      auto: 'Automatic',
      wasm: 'Processor only',
      webgpu: 'Graphics only',
    } satisfies Record<BackendPreference, string>,
    said: (graphics: string) => `Graphics: ${graphics}.`,
  },

  graphics: {
    row: 'Graphics',
    untried: 'looked at once the first slice is done',
    unwanted: 'left alone, as you chose',
    measuring: 'being opened, checked and timed',
    unknownAdapter: 'This device’s graphics',
    software: (name: string) => `${name} (software)`,
    measured: (name: string, speed: string, use: string) => `${name}: ${speed}; ${use}`,
    faster: (times: string, cores: number) => `${times} times as fast as ${coresOf(cores)}`,
    alike: 'about as fast as the processor',
    slower: 'slower than the processor',
    alone: 'it works alone',
    together: 'both work',
    unused: 'not used',
    atRest: 'nothing runs now',
    unavailable: {
      'no-webgpu': 'not available: this browser has no WebGPU here',
      'no-adapter': 'not available: this browser offers no adapter',
      limits: 'not available: it can do less than the computation needs',
      refused: 'not available: it gave no device to compute on',
      'too-slow-to-open': 'not used: it was not ready within 30 seconds',
      disagrees: 'not used: it computed something else than the processor',
      lost: 'was lost; the processor carries on',
      failed: 'not used: it failed; the processor carries on',
    } satisfies Record<GpuRefusalReason, string>,
  },

  governor: {
    label: 'How hard',
    percent: (percent: number) => `${percent} %`,
    promise: (worth: string, cores: number) =>
      `At most the worth of ${worth} of this device’s ${coresOf(cores)}`,
    promiseToo: (promise: string, share: string) =>
      `${promise}, and ${share} of its graphics processor`,
    /** One of two cores at full duty is 50 %, which the slider says. */
    follows: (workers: number, cores: number, duty: string) =>
      `${workers} of ${coresOf(cores)}, ${workers === 1 ? '' : 'each '}${duty} busy`,
    followsToo: (follows: string, duty: string) => `${follows}; graphics ${duty}`,
    followsAlone: (duty: string) => `The graphics processor alone, ${duty} busy`,
    ofCores: (share: string) => `${share} of all cores`,
    ofGpu: (share: string) => `${share} of the graphics`,
    measured: (shares: readonly string[]) => `Measured by the clock: ${shares.join(', ')}`,
    unmeasured: 'What is measured stands here while it runs',
  },

  phases: {
    off: {
      title: 'Nothing is running',
      detail: 'Nothing loads or runs before you press.',
    },
    loading: { title: 'Loading the engine', detail: 'A few kilobytes, from this coordinator.' },
    unloadable: {
      title: 'The engine could not be loaded',
      detail: 'Press again to try again.',
    },
    stopped: { title: 'Stopped', detail: 'Nothing runs until you press again.' },
    running: { title: 'Running', detail: 'One press stops it.' },
  } satisfies Record<string, Sentence>,
  unloadableBecause: (message: string) => `${message}. Press again to try again.`,
  starting: {
    connecting: { title: 'Starting: connecting', detail: 'Asking the coordinator for work.' },
    'fetching-kernel': {
      title: 'Starting: fetching the kernel',
      detail: 'It runs only if its hash is the published one.',
    },
    measuring: {
      title: 'Starting: measuring this device',
      detail: 'A moment of work shows how large its slices should be.',
    },
  } satisfies Record<Extract<Phase, { state: 'starting' }>['step'], Sentence>,
  stopReasons: {
    'protocol-version': {
      title: 'Stopped: this page is out of date',
      detail: 'The coordinator speaks another version now.',
    },
    'no-secure-context': {
      title: 'Stopped: this address is not secure',
      detail: 'Open the page by https://, or on the coordinator’s own machine by localhost.',
    },
    'no-wasm': {
      title: 'Stopped: WebAssembly is missing',
      detail: 'Switch it on in this browser’s settings, or use another browser.',
    },
    failed: {
      title: 'Stopped: something failed',
      detail: 'Press again to try again.',
    },
  } satisfies Record<StopReason['code'], Sentence>,
  failedWith: (message: string) => `${message} Press again to try again.`,
  idle: {
    disconnected: {
      title: 'Idle: the coordinator cannot be reached',
      detail: 'Finished slices are kept on this device and sent when it answers.',
    },
    'no-batches': {
      title: 'Idle: there is nothing to compute',
      detail: 'It goes on when somebody submits a batch.',
    },
    'all-leased': {
      title: 'Idle: others hold all the work there is',
      detail: 'It goes on when some of it comes free.',
    },
    'no-app-in-common': {
      title: 'Idle: this page cannot run the work there is',
      detail: 'Reloading may bring a page that can.',
    },
    'none-of-your-apps': {
      title: 'Idle: nothing to do in what you chose',
      detail: 'There is other work here: “What to compute” lets you choose more.',
    },
    'another-tab': {
      title: 'Idle: another tab is contributing',
      detail: 'One device computes once. Stop or close that tab, and this one takes over.',
    },
    'too-many-tasks': {
      title: 'Idle: this device holds all the tasks it may',
      detail: 'It goes on when one of them is reported or its lease ends.',
    },
  } satisfies Record<IdleReason, Sentence>,
  retryIn: (seconds: number) => `Asking again in ${seconds} s.`,
  connections: {
    closed: () => 'not connected',
    connecting: (attempt: number) =>
      attempt > 1 ? `connecting, attempt ${attempt}` : 'connecting',
    open: () => 'connected',
    waiting: (attempt: number) => `unreachable after ${attempt} tries, waiting`,
  } satisfies Record<Connection['state'], (attempt: number) => string>,
  missing: {
    'secure-context': {
      title: 'This address is not secure',
      detail:
        'Browsers compute only for pages that nobody can have altered on the way. Open this page by https://, or on the coordinator’s own machine by localhost.',
    },
    wasm: {
      title: 'WebAssembly is missing',
      detail: 'It is switched off, or this browser is too old. Switch it on, or use another one.',
    },
    workers: {
      title: 'Web workers are missing',
      detail:
        'Without them computing would freeze the page. Use a current browser, outside any reader mode.',
    },
  } satisfies Record<Missing, Sentence>,

  refusedBecause: {
    done: 'its items were done already',
    'not-leased': 'this device did not hold it',
    'bad-output': 'the coordinator could not confirm it',
    'too-large': 'it found more than a report may hold',
    'report-refused': 'the coordinator refused its report',
  } satisfies Record<RefusedBecause, string>,

  cloth: {
    heading: 'The cloth',
    about:
      'A row is a workunit, a stitch is a slice of it, drawn from what this device really did.',
    states: {
      computing: 'computing',
      computed: 'computed',
      reported: 'reported',
      final: 'final',
      refused: 'not counted',
    } satisfies Record<Stitch['state'], string>,
    empty: 'The cloth is empty: no slice has been computed in this visit.',
    summary: (slices: number, workunits: number, states: string) =>
      `Cloth of the latest ${slices} slices in ${workunits} ${workunits === 1 ? 'row' : 'rows'}: ${states}.`,
    stitch: (workunit: string, items: string, state: string) => `${workunit}, ${items}: ${state}`,
    items: (first: string, last: string) =>
      first === last ? `item ${first}` : `items ${first} to ${last}`,
  },

  finds: {
    heading: 'Found',
    none: 'Nothing yet. What this device finds is listed here, and can be checked here.',
    untold: 'Found something',
    copyOne: 'Copy',
    states: {
      computed: 'provisional, not sent yet',
      reported: 'provisional',
      final: 'provisional',
      refused: 'not counted',
    } satisfies Record<Find['state'], string>,
    found: 'Found',
    final: 'final',
    showAll: (count: number) => `Show all ${count}`,
    showNewer: (count: number) => `Show ${count} newer`,
    showFew: 'Show the newest',
    copy: (name: string) => `Copy ${name.toLowerCase()}`,
    copied: 'Copied',
    notCopied: 'Copying was refused',
    announce: (said: string) => `Found: ${said}.`,
  },

  check: {
    check: 'Check',
    close: 'Close the check',
    skip: 'Skip to the end',
    again: 'Again',
    heading: 'Checked here, by this page',
    columns: ['Read', 'Step', 'Result'],
    running: (step: number, steps: number) => `Step ${step} of ${steps}`,
  },

  footer: {
    provisional:
      'Results are provisional: the trust policy here is “none”, which takes reported work at its word. What is found needs nobody’s word: Check proves it on the spot.',
    totals: 'This coordinator so far',
    hosts: (count: number) => (count === 1 ? 'device' : 'devices'),
    connected: 'of them connected',
    items: 'items',
    results: 'results',
    credit: 'credit',
    unreachable: 'The coordinator cannot be reached just now.',
    asking: 'Asking the coordinator',
    api: 'Programming interface',
    licence: 'Licence: Apache-2.0',
    source: (title: string) => `Kernel source: ${title}`,
    private: 'This page asks nobody but this coordinator for anything.',
  },
} as const

function coresOf(cores: number): string {
  return cores === 1 ? '1 core' : `${cores} cores`
}
