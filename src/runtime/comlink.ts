import type * as Comlink from 'comlink'
import * as comlink from 'comlink/dist/esm/comlink.mjs'

// Comlink's main entry is UMD, whose names Node cannot import; its ES module runs everywhere but brings no types of its own.
export const expose: typeof Comlink.expose = comlink.expose
export const wrap: typeof Comlink.wrap = comlink.wrap
export type { Remote } from 'comlink'
