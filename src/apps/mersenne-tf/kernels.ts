// Written by wasm/build.ts.
import * as v from 'valibot'
import { kernelHashSchema } from '../../protocol/ids.ts'
import type { KernelRef } from '../app.ts'

export const kernels: readonly KernelRef[] = [
  {
    backend: 'wasm',
    hash: v.parse(
      kernelHashSchema,
      'f5a2c126df24fcea44c0408eb521b9eb191fe2ea425416c0733403d9d14c90a0',
    ),
    bytes: 5088,
  },
  {
    backend: 'webgpu',
    hash: v.parse(
      kernelHashSchema,
      '00b13b3574efedad12d359f014571ac8115f56b99143426ef8453c35cf056114',
    ),
    bytes: 25328,
  },
]
