import type { ChildProcess } from 'node:child_process'
import type { NodeEndpoint } from 'comlink/dist/umd/node-adapter'

/** The channel between a process and its child as a message port, seen from either end. */
export function processPort(end: ChildProcess | NodeJS.Process): NodeEndpoint {
  return {
    // What is sent to a process that is gone is lost; whoever waits for an answer learns of its end.
    postMessage: (message) => void end.send?.(message, undefined, undefined, () => undefined),
    on: (type, listener) => void end.on(type, listener as () => void),
    off: (type, listener) => void end.off(type, listener as () => void),
  }
}
