// `npm run check`: format, lint, types and house. Prints each step with its time; exits 1 when one fails.

import { runSteps } from './steps.ts'

export const checks = [
  { name: 'format and lint', argv: ['biome', 'check', '.'] },
  { name: 'types: host, build, tests', argv: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types: contract, rpc, lessons without dom and node', argv: ['tsc', '-p', 'build/walls/universal.json'] },
  { name: 'types: renderer without node', argv: ['tsc', '-p', 'build/walls/renderer.json'] },
] as const

if (import.meta.main) {
  const results = await runSteps([...checks, { name: 'house', argv: ['vitest', 'run', 'tests/house'] }])
  process.exitCode = results.every(result => result.passed) ? 0 : 1
}
