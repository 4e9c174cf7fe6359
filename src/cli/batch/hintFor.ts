import type { ConnectionOptions } from './connection.ts'

/** What is left out of a hint, being so anyway. */
export const DEFAULT_SERVER = new URL('http://localhost:8787')
export const DEFAULT_DATA_DIR = 'data'

/** Commands to run next, on the same coordinator. The token is never repeated: a screen may be seen by others. */
export function hintFor({
  server,
  dataDir,
}: Pick<ConnectionOptions, 'server' | 'dataDir'>): (command: string) => string {
  const where = [
    ...(server.origin === DEFAULT_SERVER.origin ? [] : ['--server', server.origin]),
    ...(dataDir === DEFAULT_DATA_DIR ? [] : ['--data-dir', dataDir]),
  ].map(quote)
  return (command) => ['npx weft batch', command, ...where].join(' ')
}

/** As a shell reads it back. */
function quote(word: string): string {
  return /^[\w./:@[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
