/**
 * Makes a function that resolves in a later task of the event loop. A message to oneself is not clamped to 4 ms as
 * `setTimeout(0)` is, and it takes its turn behind messages that wait already, which `scheduler.yield` need not do.
 */
export function yieldByMessage(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port2.addEventListener('message', () => waiting.shift()?.())
  port2.start()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port1.postMessage(null)
    })
}
