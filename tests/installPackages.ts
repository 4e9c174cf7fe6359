import { spawnSync } from 'node:child_process'

/** Whether Debian packages can be installed here: apt is there, and this is root. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && runs('apt-get', ['--version'], 'ignore')
}

/** Installs Debian packages; whether they work shows when they are used. */
export function installPackages(...names: readonly string[]): void {
  console.log(`Installing the Debian packages: ${names.join(', ')}.`)
  runs('apt-get', ['update', '-qq'])
  runs('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names])
}

/** Playwright's own download of a browser, for where packages cannot be installed. */
export function downloadBrowser(name: 'chromium' | 'firefox'): void {
  console.log(`No ${name} found; trying Playwright's download.`)
  runs('playwright', ['install', name])
}

function runs(
  command: string,
  args: readonly string[],
  stdio: 'ignore' | 'inherit' = 'inherit',
): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { stdio, env: environment }).status === 0
}
