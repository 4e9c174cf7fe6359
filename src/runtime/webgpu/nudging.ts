const NUDGE_MS = 4

/**
 * Waits for something that a queue does, and submits nothing every few milliseconds until it is done. Firefox looks for finished work ten
 * times a second and whenever something is submitted (Mozilla's bug 1870699).
 */
export async function nudging<T>(queue: Pick<GPUQueue, 'submit'>, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => queue.submit([]), NUDGE_MS)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
