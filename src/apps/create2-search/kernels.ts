// Written by wasm/build.ts.
import * as v from 'valibot'
import { kernelHashSchema } from '../../protocol/ids.ts'
import type { KernelRef } from '../app.ts'

export const kernels: readonly KernelRef[] = [
  {
    backend: 'wasm',
    hash: v.parse(
      kernelHashSchema,
      '7b3cfb5e20541ad79b5b91ed12da58610bae564ce70478abd36556de251d99cd',
    ),
    bytes: 4918,
  },
  {
    backend: 'webgpu',
    hash: v.parse(
      kernelHashSchema,
      '0f01da40ec95e222d6b88a3b868e15f6600034f8f3c76e7f35da37500917743f',
    ),
    bytes: 11939,
  },
]
