import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from './stores/store.ts'

const TOKEN_BYTES = 24

/**
 * The token kept in the data directory, where requesters on this machine find it; only the owner of the process may read the
 * file. It is made at first use. Coordinators that share a store agree on theirs without a word: it comes from there.
 */
export async function keptSubmitToken(
  dataDir: string,
  store: Pick<Store, 'shared' | 'secret'>,
): Promise<string> {
  const path = join(dataDir, 'submit-token')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  if (store.shared) {
    const token = textOf((await store.secret('submit-token')).subarray(0, TOKEN_BYTES))
    // Renamed into place, so that nobody reads half of it; two coordinators may have one folder.
    const written = `${path}.${randomUUID()}`
    await writeFile(written, `${token}\n`, { mode: 0o600 })
    await rename(written, path)
    return token
  }
  try {
    // Fails when it is there already, so that two starts at once agree.
    await writeFile(path, `${textOf(randomBytes(TOKEN_BYTES))}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(path, 'utf8')).trim()
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
