// The lab's own tests: few, long, and each with a whole machine, so they run one after the other and apart from the others.

import { defineConfig } from 'vitest/config'
import { root } from '../../build/steps.ts'

export default defineConfig({
  test: {
    root,
    include: ['tests/lab/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 600_000,
    // A machine keeps two thirds of a core busy while it is set up, and waits for the rest: three are what two cores bear.
    maxWorkers: 3,
    pool: 'forks',
    retry: process.env.CI ? 1 : 0,
  },
})
