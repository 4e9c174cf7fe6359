import { expose } from '../comlink.ts'
import { yieldByMessage } from '../yieldByMessage.ts'
import { remoteExecutor } from './remoteExecutor.ts'

/** The browser's worker: one WASM executor behind Comlink. */
expose(remoteExecutor(yieldByMessage()))
