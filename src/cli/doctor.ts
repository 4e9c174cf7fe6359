import { examineDevice, type DeviceReport } from '../client/examineDevice.node.ts'
import { adapterName } from './adapterName.ts'
import { InterruptedError } from './errors.ts'
import { onStopSignal } from './onStopSignal.ts'

export interface DoctorOptions {
  readonly json?: true
}

/**
 * Says what this device can run, how fast, and why not.
 * @throws KernelFailedError, KernelMismatchError, WorkerLostError when it can run nothing
 * @throws InterruptedError after SIGINT or SIGTERM
 */
export async function doctor(options: DoctorOptions): Promise<void> {
  const interrupted = new AbortController()
  onStopSignal((signal) => interrupted.abort(new InterruptedError(signal)))
  const report = await examineDevice(interrupted.signal)
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`)
}

function describe(report: DeviceReport): string {
  const { app, cores, gpu } = report
  const lines = [
    `Measured on ${app.id} ${app.version}, an item of its usual size, at full share.`,
    '',
    row('WebAssembly', `${speed(report, report.wasm)} on ${cores} cores`),
  ]
  if (gpu.status === 'refused') lines.push(row('WebGPU', `not used: ${gpu.why}`))
  else {
    const { both } = gpu.speeds
    lines.push(
      row('WebGPU', `${speed(report, gpu.speeds.webgpu)} on ${adapterName(gpu.adapter)}`),
      row('Both', both === undefined ? 'not measured: not worth it' : speed(report, both)),
    )
  }
  return [...lines, row('Better', REASONS[report.chosen])].join('\n')
}

const REASONS: Readonly<Record<DeviceReport['chosen'], string>> = {
  wasm: 'the processor alone',
  webgpu: 'the GPU alone: the processor would add less than a tenth',
  both: 'both: together they are at least a tenth faster than either',
}

function row(name: string, said: string): string {
  return `  ${name.padEnd(13)}${said}`
}

function speed({ app }: DeviceReport, creditPerSecond: number): string {
  const items = creditPerSecond / app.creditPerItem
  const credit = Math.round(creditPerSecond).toLocaleString('en')
  return `${items.toPrecision(3)} items a second (${credit} credit a second)`
}
