import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Figures } from './figures.ts'
import { weighMegabytes } from './weigh.ts'

const LIMIT_MS = 300_000

/** What a stranger waits for: clone the last commit, `npm ci`, `npm start`, until the address is printed. Seconds, MB. */
export async function benchFirstRun(): Promise<Figures> {
  const clone = mkdtempSync(join(tmpdir(), 'weft-firstrun-'))
  try {
    const startedAt = performance.now()
    execFileSync('git', ['clone', '--quiet', resolve(import.meta.dirname, '..'), clone])
    const installStartedAt = performance.now()
    execFileSync('npm', ['ci', '--silent'], { cwd: clone, stdio: 'inherit' })
    const installSeconds = secondsSince(installStartedAt)
    await untilAddress(clone)
    return {
      installSeconds,
      nodeModulesMB: await weighMegabytes(join(clone, 'node_modules')),
      addressSeconds: secondsSince(startedAt),
    }
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
}

/** Runs `npm start` until its output names an address that answers; then stops it. */
async function untilAddress(folder: string): Promise<void> {
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...process.env, WEFT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = new Promise<void>((resolveExit) => child.on('exit', () => resolveExit()))
  try {
    const address = await new Promise<string>((resolveAddress, reject) => {
      let printed = ''
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        const found = /http:\/\/localhost:\d+/.exec(printed)
        if (found) resolveAddress(found[0])
      })
      child.on('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${printed}`)))
      setTimeout(() => reject(new Error(`no address after ${LIMIT_MS} ms`)), LIMIT_MS).unref()
    })
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`)
  } finally {
    // The whole group: npm, its shell and the coordinator.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await exited
  }
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10
}
