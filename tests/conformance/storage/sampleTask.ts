import type { KeptTask } from '../../../src/client/keptTask.ts'
import { hostIdOf, taskIdOf, type TaskId } from '../../../src/protocol/ids.ts'
import type { SliceReport } from '../../../src/protocol/messages.ts'

export const keptTaskId = (n: number): TaskId => taskIdOf(numbered(n, 16))

/** A task with as many finished slices as it has reports behind it, and one in flight. */
export function sampleTask(n: number, nextSeq: number, host = hostIdOf(numbered(0, 16))): KeptTask {
  const slice = (i: number): SliceReport => [0, i, 3, numbered(i, 8)]
  return {
    host,
    task: keptTaskId(n),
    token: numbered(n, 96),
    nextSeq,
    head: numbered(nextSeq, 32),
    inFlight: {
      type: 'report',
      token: numbered(n, 96),
      seq: nextSeq - 1,
      slices: [slice(2 ** 40)],
      outputs: [[0, { factor: '23', list: [null, true, 1.5, -7, 'ü'] }]],
      seal: numbered(n, 64),
    },
    finished: Array.from({ length: nextSeq }, (_, i) => ({ slice: slice(i), outputs: [{ i }] })),
  }
}

/** Bytes that tell one number from another. */
function numbered(n: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setFloat64(0, n)
  return bytes
}
