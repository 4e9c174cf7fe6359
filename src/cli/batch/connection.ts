import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { coordinatorApi, type CoordinatorApi } from '../coordinatorApi.ts'

/** Where the data folder of `weft serve` may be the coordinator's. */
const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What every command of `weft batch` takes; commander has read the variables too. */
export interface ConnectionOptions {
  /** An origin. */
  readonly server: URL
  readonly token?: string
  readonly dataDir: string
  readonly json?: true
}

export interface Connection {
  readonly api: CoordinatorApi
  readonly hasToken: boolean
}

/** Finds the submit token: named, or in the data folder of a coordinator on this machine. */
export async function connect(
  options: ConnectionOptions,
  signal?: AbortSignal,
): Promise<Connection> {
  const found = await findToken(options)
  const access = { token: found?.token, tokenFrom: found?.from, signal }
  return { api: coordinatorApi(options.server.origin, access), hasToken: found !== undefined }
}

async function findToken({
  server,
  token,
  dataDir,
}: ConnectionOptions): Promise<{ token: string; from: string } | undefined> {
  if (token) return { token, from: '--token or WEFT_SUBMIT_TOKEN' }
  if (!THIS_MACHINE.has(server.hostname)) return undefined
  const path = join(dataDir, 'submit-token')
  try {
    const kept = (await readFile(path, 'utf8')).trim()
    return kept === '' ? undefined : { token: kept, from: path }
  } catch {
    // Not there, or somebody else's: what needs the token says where it is.
    return undefined
  }
}
