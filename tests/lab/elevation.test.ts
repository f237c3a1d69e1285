// Becoming root: by sudo's password, by pkexec and a desktop's dialog; refused, mistyped or dismissed, nothing has changed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundle } from './bundle.ts'
import { openMachine, password, repository, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { agentLog, allPods, apply, bundlePlace, podsOf, undo, type Wish } from './person.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()

describe.skipIf(why !== undefined)(`becoming root in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  let bare: Snapshot
  beforeAll(async () => {
    await writeBundle(bundle.path)
    machine = await openMachine({ seeded: true, binds: [[bundle.path, bundlePlace]] })
    bare = await takeSnapshot(machine)
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })

  /** As a person does: sudo, which has just asked, is waiting for keys by then. One that comes before is lost on it. */
  const pressing = (key: string): NonNullable<Wish['onText']> => {
    let isPressed = false
    return (all, hand) => {
      if (isPressed || !/assword[^\n]*: $/.test(all)) return
      isPressed = true
      setTimeout(() => hand.write(key), 500)
    }
  }
  const refused: readonly (readonly [name: string, wish: Parameters<typeof apply>[1], says: RegExp])[] = [
    ['a wrong password', { password: 'wrong' }, /KHW-111/],
    ['Ctrl-C at the question', { answers: [], onText: pressing('\x03') }, /KHW-110/],
    ['a user who may not', { user: 'bob' }, /KHW-111/],
  ]
  for (const [name, wish, says] of refused)
    test(`${name}: nothing is done, and that is said`, async () => {
      const { code, text } = await apply(machine, wish)
      expect(code, text).not.toBe(0)
      expect(text).toMatch(says)
      expect(difference(bare, await takeSnapshot(machine))).toEqual([])
    })

  test('under sudo it refuses, so that nothing of the user becomes root’s', async () => {
    const argv = [
      'sudo',
      `${repository}/node_modules/.bin/node`,
      `${repository}/out/electron/khw.js`,
      'setup',
      'apply',
      '--yes',
    ] as const
    const { code, text } = await machine.type(argv, { user: 'alice', answers: [[/assword[^\n]*: $/, 'secret']] })
    expect(code, text).not.toBe(0)
    expect(difference(bare, await takeSnapshot(machine))).toEqual([])
  })

  describe('with the helper and its polkit action installed', () => {
    const helper = '/usr/lib/kubernetes-hello-world/setup-helper'
    const policy = 'io.github.kubernetes_hello_world.setup.policy'
    let furnished: Snapshot
    beforeAll(async () => {
      await machine.sh(`
        mkdir -p /usr/lib/kubernetes-hello-world
        printf '#!/bin/sh\\nexec /opt/lab/node ${repository}/out/electron/setup-helper.cjs\\n' > ${helper}; chmod 755 ${helper}
        install -m 644 ${repository}/build/linux/${policy} /usr/share/polkit-1/actions/${policy}
        systemctl restart polkit`)
      furnished = await takeSnapshot(machine)
    })

    const dismissed: readonly (readonly [name: string, answer: string, says: RegExp])[] = [
      ['the dialog is closed', 'dismiss', /KHW-110/],
      ['a wrong password is typed into the dialog', 'wrong', /KHW-111/],
    ]
    for (const [name, answer, says] of dismissed)
      test(`${name}: nothing is done, and that is said`, async () => {
        const { code, text } = await apply(machine, { desktop: answer })
        expect(code, text).not.toBe(0)
        expect(text).toMatch(says)
        expect(await machine.sh(`cat ${agentLog}`)).toContain('needs your permission to install MicroK8s')
        expect(difference(furnished, await takeSnapshot(machine))).toEqual([])
      })

    test('the password in the dialog lets in: installed and undone, and asked once for each', async () => {
      const { code, text } = await apply(machine, { desktop: password })
      expect(code, text).toBe(0)
      expect(text).not.toMatch(/assword for/)
      expect((await machine.sh(`cat ${agentLog}`)).match(/permission/g)).toHaveLength(1)
      expect(await podsOf(machine)).toEqual(allPods)
      expect((await undo(machine, { desktop: password })).code).toBe(0)
      expect(difference(furnished, await takeSnapshot(machine))).toEqual([])
    })

    test('pkexec refuses whom a rule refuses: nothing is done', async () => {
      await machine.sh(`
        printf 'polkit.addRule(function (action, subject) { if (subject.user == "bob") return polkit.Result.NO })' \
          > /etc/polkit-1/rules.d/10-lab.rules
        chmod 644 /etc/polkit-1/rules.d/10-lab.rules; systemctl restart polkit`)
      furnished = await takeSnapshot(machine)
      const { code, text } = await apply(machine, { user: 'bob', env: { DISPLAY: ':0' } })
      expect(code, text).not.toBe(0)
      expect(text).toMatch(/KHW-111/)
      expect(difference(furnished, await takeSnapshot(machine))).toEqual([])
    })
  })
})
