import { expect, test } from 'vitest'
import { ofPlaywright, ofVitest } from '../../build/outcome.ts'

test('a report of vitest: what failed is told with its words, also when it passed in the end', () => {
  const assertionResults = [
    { fullName: 'steady', status: 'passed', failureMessages: [] },
    { fullName: 'shaky', status: 'passed', failureMessages: ['expected 1\n  to be 2\n    at here.ts:1'] },
    { fullName: 'broken', status: 'failed', failureMessages: ['no', 'never'] },
  ]
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 3,
    numTodoTests: 1,
    testResults: [{ status: 'failed', assertionResults }],
  }
  expect(ofVitest(report)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 4,
    failures: [{ name: 'broken', why: 'no' }],
    flaky: [{ name: 'shaky', why: 'expected 1 to be 2' }],
  })
})

test('a file that does not even load counts as a failure, and is named', () => {
  const testResults = [{ name: '/here/lost.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] }]
  expect(ofVitest({ numPassedTests: 5, numFailedTests: 0, numFailedTestSuites: 1, testResults })).toMatchObject({
    passed: 5,
    failed: 1,
    failures: [{ name: '/here/lost.test.ts', why: 'Cannot find module' }],
  })
})

test('a report of Playwright: what failed is told with its words, however deep it stands', () => {
  const red = `${String.fromCharCode(27)}[31mnot found${String.fromCharCode(27)}[39m`
  const spec = (title: string, status: string, ...errors: string[]) => ({
    title,
    file: 'a.spec.ts',
    line: 7,
    tests: [{ status, results: [...errors.map(message => ({ error: { message } })), {}] }],
  })
  const suites = [
    {
      specs: [spec('walks', 'expected')],
      suites: [{ specs: [spec('stumbles', 'flaky', red), spec('falls', 'unexpected', 'a', 'b')] }],
    },
  ]
  const stats = { expected: 1, flaky: 1, unexpected: 1, skipped: 2 }
  expect(ofPlaywright({ stats, suites })).toEqual({
    passed: 2,
    failed: 1,
    skipped: 2,
    failures: [{ name: 'a.spec.ts:7 falls', why: 'a' }],
    flaky: [{ name: 'a.spec.ts:7 stumbles', why: 'not found' }],
  })
})
