import { defineConfig } from 'vitest/config'
import { descriptionsPlugin } from './build/descriptions.ts'

export default defineConfig({
  plugins: [descriptionsPlugin()],
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**', 'tests/lab/**'],
    // Generous: a busy machine is slow, and what hangs is told soon enough.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // CI's cores are shared: a test may be tried once more there, and is then told as flaky (build/outcome.ts).
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    // Most tests wait for a cluster's own time: two at once cost little and save minutes.
    maxWorkers: 2,
  },
})
