import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIdentity, identityOf } from './identity.ts'
import { openLine } from './line.ts'
import type { Socket } from './socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A socket that never opens, until it is dropped. */
class DeadSocket extends EventTarget {
  binaryType = 'arraybuffer' as const
  send(): void {}
  close(): void {}
}

test('where timers sleep a nudge tries again, when it is time to and not sooner', async () => {
  const clock = { now: 0 }
  const sockets: DeadSocket[] = []
  const line = openLine(
    {
      connect() {
        const socket = new DeadSocket()
        sockets.push(socket)
        return socket as unknown as Socket
      },
      identity: await identityOf(await createIdentity()),
      apps: [],
      random: () => 0,
      wallClock: () => clock.now,
    },
    { welcomed() {}, received() {}, lost() {}, stopped() {}, changed() {} },
  )
  line.nudge()
  sockets[0]?.dispatchEvent(new Event('close'))
  expect(line.connection).toMatchObject({ state: 'waiting', retryAt: 500 })
  line.nudge()
  clock.now = 499
  line.nudge()
  expect(sockets).toHaveLength(1)
  clock.now = 500
  line.nudge()
  expect(sockets).toHaveLength(2)
  // The timer that slept has nothing left to do.
  vi.advanceTimersByTime(1_000)
  expect(sockets).toHaveLength(2)
  line.close()
})
