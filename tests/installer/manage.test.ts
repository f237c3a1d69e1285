import { expect, test } from 'vitest'
import { commandsOf } from '../../electron/installer/helper/commands.ts'
import { rootRequest } from '../../electron/installer/helper/verbs.ts'
import { awaitRunning, invitationsIn, readInvitation, readStatus } from '../../electron/installer/manage.ts'
import type { RootSession } from '../../electron/installer/privilege.ts'

const token = '92b2db237428470dc4fcfc4ebbd9dc81'
const good = `10.0.0.5:25000/${token}/2c0cb3284b05`

test.each([
  [good, good],
  [`  microk8s join ${good}  `, good],
  [`sudo microk8s join ${good} --worker`, good],
  [`[fd00::7]:25000/${token}/2c0cb3284b05`, `[fd00::7]:25000/${token}/2c0cb3284b05`],
  [`10.0.0.5:25000/${token}`, `10.0.0.5:25000/${token}`],
])('an invitation is found in %j', (words, read) => expect(readInvitation(words)).toBe(read))

test.each([
  '',
  'microk8s join',
  '--help',
  `10.0.0.5:25000/${token};reboot`,
  `10.0.0.5:22/${token}`,
  `evil.example:25000/${token}`,
  '10.0.0.5:25000/short',
])('%j is none, and the helper would refuse it too', words => {
  expect(() => readInvitation(words)).toThrow(/KHW-151/)
  expect(rootRequest.safeParse({ verb: 'microk8s-join', invitation: words, worker: false }).success).toBe(false)
})

test('the first of several invitations is the first printed, each once', () => {
  const text = `From the node:\nmicrok8s join ${good}\n\nUse:\nmicrok8s join ${good} --worker\nor\nmicrok8s join 192.168.1.2:25000/${token}/2c0cb3284b05\n`
  expect(invitationsIn(text)).toEqual([good, `192.168.1.2:25000/${token}/2c0cb3284b05`])
  expect(invitationsIn('nothing here')).toEqual([])
})

test.each([
  ['microk8s is running\naddons:\n', 'running'],
  ['microk8s is not running, try microk8s start', 'stopped'],
  ['microk8s is not running. Use microk8s inspect for a deeper inspection.', 'stopped'],
  ['', 'absent'],
])('status %j is %s', (text, state) => expect(readStatus(text)).toBe(state))

test('joining runs one program with checked words, and its secret is kept out of the log', () => {
  expect(commandsOf({ verb: 'microk8s-join', invitation: good, worker: true })).toEqual([
    { type: 'run', argv: ['/snap/bin/microk8s', 'join', good, '--worker'], quiet: true },
  ])
  expect(commandsOf({ verb: 'microk8s-add-node' })).toMatchObject([{ quiet: true }])
})

/** A root that answers one status after the other, and a clock that only sleeping moves. */
const machine = (answers: string[]) => {
  let now = 0
  const root: RootSession = {
    how: 'root',
    ask: async () => ({ code: 0, stdout: (answers.length > 1 ? answers.shift() : answers[0]) ?? '', stderr: '' }),
    close: async () => {},
  }
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  return { root, clock, at: () => now }
}

test('it waits until MicroK8s runs, and not for ever', async () => {
  const soon = machine(['microk8s is not running.', 'microk8s is not running.', 'microk8s is running'])
  await awaitRunning(soon.root, soon.clock, new AbortController().signal)
  expect(soon.at()).toBe(4000)
  const never = machine(['microk8s is not running.'])
  await expect(awaitRunning(never.root, never.clock, new AbortController().signal)).rejects.toMatchObject({
    code: 'setup.notReady',
  })
})
