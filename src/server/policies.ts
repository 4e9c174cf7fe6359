import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Policy } from '../apps/app.ts'
import { InvalidInputError } from '../protocol/errors.ts'
import type { AppId } from '../protocol/ids.ts'
import type { AppShelf } from './coordinator/appShelf.ts'
import { PolicyError } from './errors.ts'

/** What this coordinator's operator lets be submitted, by app; an app that is not in it may be given anything. */
export type Policies = ReadonlyMap<AppId, Policy<unknown>>

const SUFFIX = '.txt'

/**
 * Reads `<app id>.txt` of the folder for every app that has a policy; an app without a file, or all of them without a folder, has its
 * policy read from `''`. Other files than `.txt` are left alone.
 * @throws PolicyError when the folder or a file cannot be read, a file belongs to no app that has a policy, or a line is wrong
 */
export async function readPolicies(apps: AppShelf, folder: string | undefined): Promise<Policies> {
  const texts = folder === undefined ? new Map<string, PolicyFile>() : await readFolder(folder)
  for (const [id, { path }] of texts) {
    const app = apps.newest(id)
    if (app === undefined) {
      const names = apps.all.map((one) => one.id).join(', ')
      throw new PolicyError(path, `there is no app ${id}; there is ${names}`)
    }
    if (app.load.policy === undefined) throw new PolicyError(path, `${id} has no policy to be told`)
  }
  const policies = new Map<AppId, Policy<unknown>>()
  for (const { id } of apps.all) {
    const read = await apps.newest(id)?.load.policy?.()
    if (read === undefined || policies.has(id)) continue
    const file = texts.get(id)
    try {
      policies.set(id, read(file?.text ?? ''))
    } catch (cause) {
      if (file === undefined || !(cause instanceof InvalidInputError)) throw cause
      throw new PolicyError(file.path, cause.message, { cause })
    }
  }
  return policies
}

interface PolicyFile {
  readonly path: string
  readonly text: string
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, PolicyFile>> {
  const names = await readable(folder, () => readdir(folder))
  const files = new Map<string, PolicyFile>()
  for (const name of names.filter((one) => one.endsWith(SUFFIX))) {
    const path = join(folder, name)
    const bytes = await readable(path, () => readFile(path))
    const text = await readable(path, async () =>
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    )
    files.set(name.slice(0, -SUFFIX.length), { path, text })
  }
  return files
}

async function readable<Content>(path: string, read: () => Promise<Content>): Promise<Content> {
  try {
    return await read()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PolicyError(path, `it cannot be read (${why})`, { cause })
  }
}
