import { defineConfig } from 'vitest/config'
import { dawnEnvironment } from './tests/engines/dawnEnvironment.ts'

/**
 * Three projects: `unit` is what `npm run check` runs all day; `parts` needs real sockets, files and kernels; `kernels` runs them
 * in every WebGPU engine, one engine at a time, as each takes all cores. The latter two run Dawn in Node: Vitest starts
 * their processes with the environment that it needs.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'tests/house/**/*.test.ts', 'tests/engines/**/*.test.ts'],
          // For a slow machine with other work: a test that waits does so for something to happen.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'parts',
          include: [
            'tests/conformance/{app,storage,store}/**/*.test.ts',
            'tests/integration/**/*.test.ts',
          ],
          env: dawnEnvironment(),
          globalSetup: ['tests/postgres/globalSetup.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernels',
          include: ['tests/conformance/kernel/**/*.test.ts'],
          env: dawnEnvironment(),
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
