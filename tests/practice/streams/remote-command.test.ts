// What a query asks for, and sizes as different clients write them.

import { expect, test } from 'vitest'
import { exitedWith, failedWith, parseSize, wantedStreams } from '../../../electron/practice/api/streams/remote-command.ts'
import { badRequest } from '../../../electron/practice/status-error.ts'

test('a terminal has no stderr of its own', () => {
  expect(wantedStreams(new URLSearchParams('stdin=1&stdout=true&stderr=true&tty=true'))).toEqual({
    stdin: true,
    stdout: true,
    stderr: false,
    tty: true,
  })
})

test('a query that asks for no stream is refused', () => {
  expect(() => wantedStreams(new URLSearchParams('command=ls&stdout=false'))).toThrow(
    'you must specify at least 1 of stdin, stdout, stderr',
  )
})

test.each([
  ['{"Width":80,"Height":24}', { columns: 80, rows: 24 }],
  ['{"height":40,"width":120}\n', { columns: 120, rows: 40 }],
  ['{"Width":0,"Height":0}', { columns: 80, rows: 24 }],
  ['{"Width":-1,"Height":24}', undefined],
  ['{"Width":70000,"Height":24}', undefined],
  ['{"Width":"80","Height":24}', undefined],
  ['null', undefined],
  ['{', undefined],
])('the size %s is read as %o', (sent, size) => expect(parseSize(sent)).toEqual(size))

test('an exit code is told the way kubectl reads it', () => {
  expect(exitedWith(3, ['sh', '-c', 'exit 3'])).toMatchObject({
    message: 'command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  })
})

test('a StatusError is told as it is, another error as an internal one', () => {
  expect(failedWith(badRequest('no'), 'doing')).toMatchObject({ reason: 'BadRequest', message: 'no', code: 400 })
  expect(failedWith(new Error('broke'), 'error doing')).toMatchObject({
    reason: 'InternalError',
    message: 'Internal error occurred: error doing: broke',
    code: 500,
  })
})
