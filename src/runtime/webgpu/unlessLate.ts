/** How long anything may take that the GPU is asked for, s. */
const PATIENCE_S = 10

/**
 * Settles as `work` does, or as `late` does once 10 s have passed; `work` is left to end by itself. Seconds are counted one by one:
 * a page or device that was frozen has lost one at most.
 */
export function unlessLate<T>(work: Promise<T>, late: () => T): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  let secondsLeft = PATIENCE_S
  const clock = setInterval(() => {
    secondsLeft--
    if (secondsLeft > 0) return
    clearInterval(clock)
    try {
      resolve(late())
    } catch (error) {
      reject(error)
    }
  }, 1_000)
  work.then(resolve, reject).finally(() => clearInterval(clock))
  return promise
}
