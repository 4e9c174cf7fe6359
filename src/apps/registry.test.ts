import { expect, test } from 'vitest'
import { UnknownAppError } from '../protocol/errors.ts'
import { appOf, apps } from './registry.ts'

test('every app is found by its id and version', () => {
  for (const app of apps) expect(appOf(app.id, app.version)).toBe(app)
})

test('no two apps share an id and version', () => {
  expect(new Set(apps.map((app) => `${app.id}@${app.version}`)).size).toBe(apps.length)
})

test('an unknown app, and an unknown version of a known one, say which', () => {
  expect(() => appOf('no-such-app', 1)).toThrow(new UnknownAppError('no-such-app', 1))
  for (const { id } of apps) expect(() => appOf(id, 0)).toThrow(new UnknownAppError(id, 0))
})
