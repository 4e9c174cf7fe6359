import { defineConfig } from 'vitest/config'

/** Two projects: `unit` is what `npm run check` runs all day; `parts` needs real sockets, files and kernels. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'tests/house/**/*.test.ts'],
          // For a slow machine with other work: a test that waits does so for something to happen.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'parts',
          include: ['tests/conformance/**/*.test.ts', 'tests/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
