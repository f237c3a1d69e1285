import { expect, test } from 'vitest'
import { ofPlaywright, ofVitest } from '../../build/outcome.ts'

test('a report of vitest: a test that failed before it passed is told', () => {
  const assertionResults = [
    { fullName: 'steady', status: 'passed', failureMessages: [] },
    { fullName: 'shaky', status: 'passed', failureMessages: ['expected 1 to be 2'] },
    { fullName: 'broken', status: 'failed', failureMessages: ['no'] },
  ]
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 3,
    numTodoTests: 1,
    testResults: [{ assertionResults }],
  }
  expect(ofVitest(report)).toEqual({ passed: 2, failed: 1, skipped: 4, flaky: ['shaky'] })
})

test('a file that does not even load counts as a failure', () => {
  expect(ofVitest({ numPassedTests: 5, numFailedTests: 0, numFailedTestSuites: 1 })).toMatchObject({ passed: 5, failed: 1 })
})

test('a report of Playwright: flaky tests pass, and are told, however deep they stand', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] })
  const suites = [{ specs: [spec('walks', 'expected')], suites: [{ specs: [spec('stumbles', 'flaky')] }] }]
  const stats = { expected: 1, flaky: 1, unexpected: 0, skipped: 2 }
  expect(ofPlaywright({ stats, suites })).toEqual({ passed: 2, failed: 0, skipped: 2, flaky: ['stumbles'] })
})
