import { expect, test } from 'vitest'
import { NoCoordinatorError, RefusedError, UnreachableError } from '../errors.ts'
import { patiently } from './patience.ts'

const away = new UnreachableError('http://localhost:8787', 'nobody listens there')

/** Fails with each error in turn, then answers. */
function failing(...errors: readonly Error[]) {
  const left = [...errors]
  return async () => {
    const error = left.shift()
    if (error) throw error
    return 'an answer'
  }
}

test('a coordinator that is away is asked again, and both are said once', async () => {
  const said: string[] = []
  const ask = failing(away, away, new RefusedError('It broke.', { status: 500, code: 'x' }))
  expect(await patiently(ask, { note: (text) => said.push(text), retryMs: 1 })).toBe('an answer')
  expect(said).toEqual([
    `${away.message} Trying again for 120 s.`,
    'The coordinator answers again.',
  ])
})

test('who is never back is given up, with the last error', async () => {
  const ask = () => Promise.reject(away)
  const giveUp = patiently(ask, { note: () => {}, retryMs: 1, giveUpMs: 30 })
  await expect(giveUp).rejects.toBe(away)
})

test('what is refused, or is no coordinator, is not asked again', async () => {
  for (const error of [
    new RefusedError('There is no batch x.', { status: 404, code: 'not_found' }),
    new NoCoordinatorError('http://localhost:8787', 'its answer is no JSON'),
  ]) {
    const waiting = patiently(failing(error), { note: () => {}, retryMs: 1 })
    await expect(waiting).rejects.toBe(error)
  }
})

test('a signal ends the wait with its reason', async () => {
  const stopped = new AbortController()
  const { signal } = stopped
  const note = () => stopped.abort(new Error('enough'))
  const waiting = patiently(() => Promise.reject(away), { note, signal, retryMs: 60_000 })
  await expect(waiting).rejects.toThrow('enough')
})
