// What a runner's report says of its tests: how many, which failed and why, and which passed only at the second try.

/** A test that failed, at least once, with the words of its first error in one line. */
export interface Failure {
  name: string
  why: string
}

export interface Outcome {
  passed: number
  failed: number
  skipped: number
  /** Those that failed to the end, or files that do not even load. */
  failures: Failure[]
  /** Those that failed first: they count as passed, and are told. */
  flaky: Failure[]
}

export type Report = Record<string, unknown>

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
const list = <T = Report>(value: unknown): T[] => (Array.isArray(value) ? value : [])

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** An error in one line of at most 300 characters: a log that is cut keeps what matters. */
const inOneLine = (error: unknown): string =>
  String(error ?? 'it says nothing')
    .replace(colours, '')
    .split(/\n\s+at /, 1)
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)

/** Vitest keeps the errors of earlier tries on a test that passed in the end. */
export const ofVitest = (report: Report): Outcome => {
  const files = list(report.testResults)
  const tests = files.flatMap(file => list(file.assertionResults))
  const told = (test: Report): Failure => ({ name: String(test.fullName), why: inOneLine(list<string>(test.failureMessages)[0]) })
  const unloaded = files.filter(
    file => file.status === 'failed' && !list(file.assertionResults).some(test => test.status === 'failed'),
  )
  return {
    passed: number(report.numPassedTests),
    failed: number(report.numFailedTests) || number(report.numFailedTestSuites),
    skipped: number(report.numPendingTests) + number(report.numTodoTests),
    failures: [
      ...tests.filter(test => test.status === 'failed').map(told),
      ...unloaded.map(file => ({ name: String(file.name), why: inOneLine(file.message) })),
    ],
    flaky: tests.filter(test => test.status === 'passed' && list<string>(test.failureMessages).length > 0).map(told),
  }
}

const specsOf = (suite: Report): Report[] => [...list(suite.specs), ...list(suite.suites).flatMap(specsOf)]

export const ofPlaywright = (report: Report): Outcome => {
  const stats = report.stats as Report
  const specs = list(report.suites).flatMap(specsOf)
  const having = (status: string): Failure[] =>
    specs.flatMap(spec =>
      list(spec.tests)
        .filter(test => test.status === status)
        .map(test => {
          const error = list(test.results).find(result => result.error)?.error as Report | undefined
          return { name: `${spec.file}:${spec.line} ${spec.title}`, why: inOneLine(error?.message ?? error?.value) }
        }),
    )
  return {
    passed: number(stats.expected) + number(stats.flaky),
    failed: number(stats.unexpected),
    skipped: number(stats.skipped),
    failures: having('unexpected'),
    flaky: having('flaky'),
  }
}
