import type { StopReason } from '../client/snapshot.ts'
import { WeftError } from '../protocol/errors.ts'

/** The host gave up. */
export class HostStoppedError extends WeftError<{ reason: StopReason['code'] | 'unknown' }> {
  readonly code = 'host_stopped'
  /** @param when what it did not live to see, such as ` before the batch was done` */
  constructor(why: StopReason | undefined, when = '') {
    super(`The host stopped${when}: ${stopSentence(why)}`, { reason: why?.code ?? 'unknown' })
  }
}

function stopSentence(why: StopReason | undefined): string {
  switch (why?.code) {
    case 'failed':
      return why.message
    case 'protocol-version':
      return 'the coordinator speaks another version of the protocol. Update this program, or the coordinator.'
    case 'no-secure-context':
      return 'this Node.js has no WebCrypto.'
    case 'no-wasm':
      return 'this Node.js has no WebAssembly.'
    case undefined:
      return 'it did not say why.'
  }
}

/** One device computes once: the host of this data folder is at work in another process. */
export class HostInUseError extends WeftError<{ dataDir: string }> {
  readonly code = 'host_in_use'
  constructor(dataDir: string, options?: { cause?: unknown }) {
    super(
      `The host kept in ${dataDir} is at work in another process: stop that one, or give this one a folder of its own with --data-dir.`,
      { dataDir },
      options,
    )
  }
}

/** Something answers at this address, and it is no coordinator that this program could work for. */
export class NoCoordinatorError extends WeftError<{ server: string; why: string }> {
  readonly code = 'no_coordinator'
  constructor(server: string, why: string) {
    super(`There is no coordinator for this program at ${server}: ${why}.`, { server, why })
  }
}

/** The GPU alone was to compute, and cannot. */
export class NoGpuError extends WeftError<{ reason: string; why: string }> {
  readonly code = 'no_gpu'
  constructor(reason: string, why: string) {
    super(
      `The GPU cannot be used, and nothing else was allowed: ${why}. With --backend auto the processor computes.`,
      { reason, why },
    )
  }
}

/** The coordinator has several apps, and the request names none. */
export class AppNeededError extends WeftError<{ apps: readonly string[] }> {
  readonly code = 'app_needed'
  constructor(apps: readonly { readonly id: string; readonly title: string }[]) {
    const names = apps.map(({ id, title }) => `${id} (${title})`).join(' or ')
    super(
      apps.length === 0
        ? 'This coordinator has no apps.'
        : `This coordinator has several apps. Say which one reads this file, with --app: ${names}.`,
      { apps: apps.map(({ id }) => id) },
    )
  }
}

/** The coordinator answered a request with an error; the message is its own sentence. */
export class RefusedError extends WeftError<{ status: number; code: string }> {
  readonly code = 'refused'
}

/** The person, or the system, asked this process to end. */
export class InterruptedError extends WeftError<{ signal: NodeJS.Signals }> {
  readonly code = 'interrupted'
  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`, { signal })
  }
}

/** Nobody answers at the coordinator's address, or a proxy answers for it that cannot reach it. It may come back. */
export class UnreachableError extends WeftError<{ address: string; reason: string }> {
  readonly code = 'unreachable'
  constructor(address: string, reason: string, options?: { cause?: unknown }) {
    super(
      `The coordinator at ${address} does not answer (${reason}). Start one with "weft serve", or name another with --server or WEFT_SERVER.`,
      { address, reason },
      options,
    )
  }
}
