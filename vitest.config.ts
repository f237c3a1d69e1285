import { defineConfig } from 'vitest/config'
import { descriptionsPlugin } from './build/descriptions.ts'

export default defineConfig({
  plugins: [descriptionsPlugin()],
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**', 'tests/lab/**'],
    testTimeout: 20_000,
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    // Most tests wait for a cluster's own time: two at once cost little and save minutes.
    maxWorkers: 2,
  },
})
