import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The token kept in the data directory, made at first use; only the owner of the process may read the file. */
export async function keptSubmitToken(dataDir: string): Promise<string> {
  const path = join(dataDir, 'submit-token')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  try {
    // Fails when it is there already, so that two starts at once agree.
    await writeFile(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(path, 'utf8')).trim()
}
