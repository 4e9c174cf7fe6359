import { fork } from 'node:child_process'
import { wrap } from '../comlink.ts'
import { nodeEndpoint } from '../nodeEndpoint.ts'
import type { GpuWorkerHandle } from '../worker.ts'
import { processPort } from './processPort.node.ts'
import type { RemoteGpuExecutor } from './remoteGpuExecutor.ts'

/**
 * Starts a process that runs WGSL kernels. Not a thread: Dawn ends the whole process when a thread ends before its GPU work does,
 * and a driver that crashes would take everything along.
 */
export function spawnGpuProcess(): GpuWorkerHandle {
  const child = fork(new URL('./executorProcess.node.ts', import.meta.url), {
    execArgv: [],
    serialization: 'advanced',
    // Dawn and drivers print what they think; what matters comes back as an answer.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return {
    remote: wrap<RemoteGpuExecutor>(nodeEndpoint(processPort(child))),
    onLost(lost) {
      child.on('error', (error) => lost(error.message))
      child.on('exit', (code, signal) => lost(`it exited with ${signal ?? `code ${code}`}`))
    },
    terminate: () => void child.kill('SIGKILL'),
  }
}
