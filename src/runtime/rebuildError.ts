import {
  GpuLostError,
  GpuUnavailableError,
  KernelFailedError,
  KernelMismatchError,
  WorkerLostError,
  type ErrorData,
  type WeftError,
} from '../protocol/errors.ts'

/** Rebuilds an error that a worker sent, as the class it was there. What a worker has no business to throw counts as its loss. */
export function rebuildError(data: ErrorData): WeftError {
  const text = (field: string): string => String(data.details[field])
  switch (data.code) {
    case 'kernel_failed':
      return new KernelFailedError(text('app'), text('reason'))
    case 'kernel_mismatch':
      return new KernelMismatchError(text('expected'), text('actual'))
    case 'gpu_unavailable':
      return new GpuUnavailableError(text('reason'), text('why'))
    case 'gpu_lost':
      return new GpuLostError(Number(data.details['losses']), text('why'))
    default:
      return new WorkerLostError(data.message)
  }
}
