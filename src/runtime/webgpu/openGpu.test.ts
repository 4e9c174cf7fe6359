import { expect, test } from 'vitest'
import { openGpu } from './openGpu.ts'

/** An adapter that says of itself whether it is software, or does not say. */
function adapterOf(name: string, isFallbackAdapter: boolean | undefined): GPUAdapter {
  const info = { vendor: name, architecture: '', device: '', description: '', isFallbackAdapter }
  const adapter = {
    info,
    features: new Set<string>(),
    limits: new Proxy({}, { get: () => 65_535 }),
    requestDevice: async () => ({}),
  }
  return adapter as unknown as GPUAdapter
}
const real = adapterOf('real', false)
const silent = adapterOf('silent', undefined)
const software = adapterOf('software', true)

/** An adapter as older Chromium has it: without `info`. */
function olderAdapter(isFallbackAdapter: boolean): GPUAdapter {
  return Object.assign(adapterOf('', undefined), { info: undefined, isFallbackAdapter })
}

test('an adapter that tells nothing of itself is opened all the same, and may say that it is software', async () => {
  for (const fallback of [false, true]) {
    const older = olderAdapter(fallback)
    const nothing = { vendor: '', architecture: '', device: '', description: '' }
    expect(await openGpu({ requestAdapter: async () => older })).toMatchObject({
      status: 'open',
      adapter: { ...nothing, fallback, level: 'core' },
    })
  }
})

test.each([
  ['a real one', real, software, { vendor: 'real', level: 'core', fallback: false }],
  ['one that does not say', silent, real, { vendor: 'silent', level: 'core', fallback: false }],
  [
    'software and nothing else',
    software,
    null,
    { vendor: 'software', level: 'core', fallback: true },
  ],
  ['software twice', software, software, { vendor: 'software', level: 'core', fallback: true }],
  [
    'software, and a real one that can do less',
    software,
    real,
    { vendor: 'real', level: 'compatibility' },
  ],
  [
    'none, and one that can do less',
    null,
    software,
    { vendor: 'software', level: 'compatibility' },
  ],
])('the better adapter is taken: %s', async (_, core, compatible, expected) => {
  const opened = await openGpu({
    requestAdapter: async (options) => (options?.powerPreference ? core : compatible),
  })
  expect(opened).toMatchObject({ status: 'open', adapter: expected })
})
