import { exitCodeOf } from '../exitCodes.ts'
import { InterruptedError } from '../errors.ts'

/** Whoever reads this process's output may close it early (`| head`): it ends without a word, as programs do that the signal reaches. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exitCodeOf(new InterruptedError('SIGPIPE')))
      throw error
    })
  }
}
