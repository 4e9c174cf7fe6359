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
      '9a9843e4514ee09c685e97ec6213f6b5da82ba202fa87b352f3b96ba82b443fe',
    ),
    bytes: 24642,
  },
]
