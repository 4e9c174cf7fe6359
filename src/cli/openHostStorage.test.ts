import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostMigrations } from '../client/fileStorage.node.ts'
import { createIdentity } from '../client/identity.ts'
import type { KeptTask } from '../client/keptTask.ts'
import { hostIdOf, taskIdOf } from '../protocol/ids.ts'
import { connect } from '../server/stores/sqlite/connect.ts'
import { migrate } from '../server/stores/sqlite/migrate.ts'
import { hostFile, openHostStorage } from './openHostStorage.ts'

const server = new URL('http://localhost:8787')
let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-host-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true }))

const task: KeptTask = {
  host: hostIdOf(new Uint8Array(16)),
  task: taskIdOf(new Uint8Array(16)),
  token: new Uint8Array(48),
  nextSeq: 0,
  head: new Uint8Array(32),
  finished: [],
}

test('only the owner of the process may read the key, in the file and in what is beside it', async () => {
  const storage = openHostStorage(dataDir, server)
  await storage.keepIdentity(await createIdentity({ extractable: true }))
  const mode = (path: string) => statSync(path).mode & 0o777
  expect(mode(dataDir)).toBe(0o700)
  const names = readdirSync(dataDir)
  expect(names).toContain('host.sqlite')
  expect(names.map((name) => mode(join(dataDir, name)))).toEqual(names.map(() => 0o600))
  storage.close()
})

test('a host at work in one process is refused to every other, and free again when that one ends', async () => {
  const first = openHostStorage(dataDir, server)
  const module = new URL('./openHostStorage.ts', import.meta.url).href
  const script = `import(${JSON.stringify(module)}).then(({ openHostStorage }) => openHostStorage(${JSON.stringify(dataDir)}, new URL('${server.href}')))`
  const { status, stderr } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' })
  expect(status).not.toBe(0)
  expect(stderr).toContain('HostInUseError')
  expect(stderr).toContain('--data-dir')
  first.close()
  first.close()
  openHostStorage(dataDir, server).close()
})

test('a write of which one part fails leaves nothing of the others', async () => {
  const storage = openHostStorage(dataDir, server)
  const broken = { ...task, finished: [{ slice: [] as never, outputs: [() => 0] }] }
  const changes = new Map([
    [taskIdOf(new Uint8Array(16).fill(1)), task],
    [task.task, broken],
  ])
  await expect(storage.write(changes)).rejects.toThrow('Unrecognized object')
  expect(await storage.tasks()).toEqual([])
  storage.close()
})

test('one host serves several coordinators, and shows each only the tasks that are its own', async () => {
  const first = openHostStorage(dataDir, server)
  const identity = await createIdentity({ extractable: true })
  await first.keepIdentity(identity)
  await first.write(new Map([[task.task, task]]))
  first.close()
  const second = openHostStorage(dataDir, new URL('https://weft.example'))
  expect((await second.identity())?.publicKey).toEqual(identity.publicKey)
  expect(await second.tasks()).toEqual([])
  await second.write(new Map([[task.task, undefined]]))
  second.close()
  const again = openHostStorage(dataDir, server)
  expect(await again.tasks()).toEqual([task])
  again.close()
})

test('a task that cannot be read is left out, and the others come', async () => {
  const storage = openHostStorage(dataDir, server)
  await storage.write(new Map([[task.task, task]]))
  storage.close()
  const connection = connect(hostFile(dataDir))
  const insert = connection.prepare('INSERT INTO tasks (server, id, kept) VALUES (?, ?, ?)')
  insert.run(server.origin, 'no msgpack', new Uint8Array([0xc1]))
  insert.run(server.origin, 'no task', new Uint8Array([0xc0]))
  connection.close()
  const again = openHostStorage(dataDir, server)
  expect(await again.tasks()).toEqual([task])
  again.close()
})

test('a host that cannot be read is refused and stays as it is: a new one would have nothing of its credit', async () => {
  const storage = openHostStorage(dataDir, server)
  const identity = await createIdentity({ extractable: true })
  await storage.keepIdentity(identity)
  storage.close()
  const connection = connect(hostFile(dataDir))
  connection.exec('UPDATE identity SET private_key = substr(private_key, 1, 20)')
  connection.close()
  const again = openHostStorage(dataDir, server)
  await expect(again.identity()).rejects.toMatchObject({ code: 'unreadable_identity' })
  again.close()
  const later = connect(hostFile(dataDir))
  const row = later.prepare('SELECT public_key FROM identity').get()
  expect(row).toEqual({ public_key: identity.publicKey })
  later.close()
})

test('the file of a newer build is refused with words that say so', () => {
  const connection = connect(hostFile(dataDir))
  const next = { number: hostMigrations.length + 1, name: 'next', sql: 'CREATE TABLE more (x)' }
  migrate(connection, hostFile(dataDir), [...hostMigrations, next])
  connection.close()
  expect(() => openHostStorage(dataDir, server)).toThrow('written by a newer build')
})

test('a folder that cannot be made and a file of something else are named', () => {
  writeFileSync(dataDir, 'no folder')
  expect(() => openHostStorage(dataDir, server)).toThrow(`The data folder ${dataDir}`)
  const other = join(folder, 'other')
  openHostStorage(other, server).close()
  writeFileSync(hostFile(other), 'no database '.repeat(100))
  expect(() => openHostStorage(other, server)).toThrow('file is not a database')
})
