import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('jobs of one key run one after another, even when one fails; others do not wait', async () => {
  const turns = new Turns<string>()
  const log: string[] = []
  const gate = Promise.withResolvers<void>()
  const job =
    (name: string, waits?: Promise<void>, fails = false) =>
    async () => {
      log.push(`${name} begins`)
      await waits
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const slow = turns.run('x', job('slow', gate.promise, true))
  const next = turns.run('x', job('next'))
  expect(await turns.run('y', job('other'))).toBe('other')
  expect(log).toEqual(['slow begins', 'other begins', 'other ends'])
  gate.resolve()
  await expect(slow).rejects.toThrow('slow')
  expect(await next).toBe('next')
  expect(log.slice(3)).toEqual(['slow ends', 'next begins', 'next ends'])
  await turns.idle()
})
