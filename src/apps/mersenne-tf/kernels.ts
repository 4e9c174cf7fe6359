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
      'c48a4bb2aa859ec67a48209eff3273745809af0c88456950a27143151571e6b0',
    ),
    bytes: 25327,
  },
]
