import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  SUBMIT_TOKEN,
  testDirectory,
  type testServer,
} from '../../../tests/integration/testServer.ts'
import { runWeft, type Ended } from './runWeft.ts'

export type Server = Awaited<ReturnType<typeof testServer>>

/** `weft batch ...` on a server of the test, with its token. */
export function batchOn(
  server: Server,
  args: readonly string[],
  options: NonNullable<Parameters<typeof runWeft>[1]> = {},
): Promise<Ended> {
  const env = { WEFT_SUBMIT_TOKEN: SUBMIT_TOKEN, WEFT_SERVER: server.address, ...options.env }
  return runWeft(['batch', ...args], { ...options, env })
}

/** A requester's file, gone when the test is over. */
export async function workFile(text: string): Promise<string> {
  const path = join(await testDirectory(), 'work.txt')
  await writeFile(path, text)
  return path
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter(Boolean)
}
