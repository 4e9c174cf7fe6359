import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { settings } from '../../src/server/settings.ts'

test('the operating manual has every setting, with its variable and what it is by default', async () => {
  const manual = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8')
  const rows = manual
    .split('\n')
    .filter((line) => line.startsWith('| `--'))
    .map((line) => {
      const [, flag = '', env = '', fallback = ''] = line.split('|').map((cell) => cell.trim())
      return { flag, env, fallback }
    })
  const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``)
  expect(rows).toEqual(
    settings.map(({ flag, env, fallback }) => ({
      flag: code(`--${flag}`),
      env: code(env),
      fallback: code(fallback),
    })),
  )
})
