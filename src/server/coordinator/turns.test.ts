import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('jobs of one key run one after another, even when one fails; others do not wait', async () => {
  const turns = new Turns<string>()
  const log: string[] = []
  const job =
    (name: string, ms: number, fails = false) =>
    async () => {
      log.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, ms))
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const slow = turns.run('x', job('slow', 30, true))
  const next = turns.run('x', job('next', 1))
  const other = turns.run('y', job('other', 1))
  await expect(slow).rejects.toThrow('slow')
  expect(await next).toBe('next')
  expect(await other).toBe('other')
  expect(log.indexOf('slow ends')).toBeLessThan(log.indexOf('next begins'))
  expect(log.indexOf('other ends')).toBeLessThan(log.indexOf('slow ends'))
  await turns.idle()
})
