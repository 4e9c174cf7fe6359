import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPostgres } from './findPostgres.ts'

export interface RunningPostgres {
  /** Of a user who may do everything. */
  readonly url: string
  /** The server's first process. */
  readonly pid: number
  /** As a power cut would, but for what the operating system still writes: every process at once. */
  kill(): Promise<void>
  /** After `kill`: from the same data, at the same address. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * A real server of one's own, in a folder of its own, with every safety on. Run as root it belongs to an unprivileged user, since
 * PostgreSQL refuses to run as root.
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'weft-postgres-'))
  const data = join(folder, 'data')
  const as: Partial<User> = process.getuid?.() === 0 ? unprivileged() : {}
  mkdirSync(data, { mode: 0o700 })
  if (as.uid !== undefined && as.gid !== undefined) {
    for (const path of [folder, data]) chownSync(path, as.uid, as.gid)
  }
  const bin = reachable(findPostgres(), folder, as)
  const options = ['--encoding=UTF8', '--locale=C', '--auth=trust', '--username=weft', '--no-sync']
  const made = spawnSync(join(bin, 'initdb'), [...options, `--pgdata=${data}`], {
    ...as,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`)

  const port = await freePort()
  const run = async () => {
    const server = spawn(
      join(bin, 'postgres'),
      [
        '-D',
        data,
        '-k',
        folder,
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-c',
        'max_connections=200',
      ],
      { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let log = ''
    await new Promise<void>((resolve, reject) => {
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-10_000)
        if (log.includes('ready to accept connections')) resolve()
      })
      server.once('error', reject)
      server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)))
    })
    return server
  }
  let server = await run()
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  const orphaned = () => server.kill('SIGQUIT')
  process.once('exit', orphaned)
  return {
    url: `postgresql://weft@127.0.0.1:${port}/postgres`,
    get pid() {
      return server.pid ?? 0
    },
    // Its children see that it is gone and end by themselves.
    kill: () => end('SIGKILL'),
    async restart() {
      // Until the children of the one that was killed are gone, a new one refuses to start.
      for (let tries = 1; ; tries++) {
        try {
          server = await run()
          return
        } catch (error) {
          if (tries === 50) throw error
          await sleep(100)
        }
      }
    },
    async stop() {
      process.off('exit', orphaned)
      // "Fast": connections are cut, everything is written.
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface User {
  readonly uid: number
  readonly gid: number
}

function idOf(flag: '-u' | '-g', user: string): number | undefined {
  const { stdout, status } = spawnSync('id', [flag, user], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}

/** Debian's user for it, else `nobody`. */
function unprivileged(): User {
  const user = ['postgres', 'nobody'].find((name) => idOf('-u', name) !== undefined)
  const uid = user && idOf('-u', user)
  const gid = user && idOf('-g', user)
  if (!uid || !gid)
    throw new Error('PostgreSQL does not run as root, and there is no other user here')
  return { uid, gid }
}

/** Where that user can run the programs: there, or a copy, if a folder above them is closed to it. */
function reachable(bin: string, folder: string, as: Partial<User>): string {
  const runs = (path: string) =>
    spawnSync(join(path, 'postgres'), ['--version'], { ...as, cwd: folder }).status === 0
  if (runs(bin)) return bin
  const copy = join(folder, 'native')
  cpSync(join(bin, '..'), copy, { recursive: true, verbatimSymlinks: true })
  if (runs(join(copy, 'bin'))) return join(copy, 'bin')
  throw new Error(`PostgreSQL in ${bin} does not run`)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port is free')
  return address.port
}
