/** npm passes on a Ctrl+C that the terminal has sent to the whole group already: so soon after the first it is the same one. */
const SAME_PRESS_MS = 500

/** Calls `stop` at the first SIGINT or SIGTERM. A later one means now: the process exits at once. */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): void {
  let firstAt: number | undefined
  const heard = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (firstAt === undefined) {
      firstAt = now
      stop(signal)
    } else if (now - firstAt > SAME_PRESS_MS) process.exit(1)
  }
  process.on('SIGINT', heard)
  process.on('SIGTERM', heard)
}
