// Becoming root: by sudo's password, by pkexec and a polkit rule; refused, mistyped or dismissed, nothing has changed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundle } from './bundle.ts'
import { openMachine, repository, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, apply, bundlePlace, podsOf, undo } from './person.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()

describe.skipIf(why !== undefined)(`becoming root in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  let bare: Snapshot
  beforeAll(async () => {
    await writeBundle(bundle.path)
    machine = await openMachine({ binds: [[bundle.path, bundlePlace]] })
    bare = await takeSnapshot(machine)
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })

  const refused: readonly (readonly [name: string, wish: Parameters<typeof apply>[1], says: RegExp])[] = [
    ['a wrong password', { password: 'wrong' }, /Root was not granted|KHW-1\d\d/],
    ['Ctrl-C at the question', { answers: [[/assword[^\n]*: $/, '^C']] }, /KHW-1\d\d/],
    ['a user who may not', { user: 'bob' }, /KHW-1\d\d/],
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
    const desktop = { DISPLAY: ':0' }
    let furnished: Snapshot
    beforeAll(async () => {
      await machine.sh(`
        mkdir -p /usr/lib/kubernetes-hello-world
        printf '#!/bin/sh\\nexec /opt/lab/node ${repository}/out/electron/setup-helper.cjs\\n' > ${helper}; chmod 755 ${helper}
        cat > /usr/share/polkit-1/actions/io.github.kubernetes_hello_world.setup.policy <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN" "http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd">
<policyconfig>
  <action id="io.github.kubernetes_hello_world.setup">
    <description>Set up MicroK8s</description>
    <message>Authentication is needed to set up MicroK8s</message>
    <defaults><allow_any>auth_admin</allow_any><allow_inactive>auth_admin</allow_inactive><allow_active>auth_admin</allow_active></defaults>
    <annotate key="org.freedesktop.policykit.exec.path">${helper}</annotate>
  </action>
</policyconfig>
X
        cat > /etc/polkit-1/rules.d/10-lab.rules <<'X'
polkit.addRule(function (action, subject) {
  if (action.id == "io.github.kubernetes_hello_world.setup") return subject.user == "alice" ? polkit.Result.YES : polkit.Result.NO
})
X
        chmod 644 /etc/polkit-1/rules.d/10-lab.rules; systemctl restart polkit`)
      furnished = await takeSnapshot(machine)
    })

    test('pkexec refuses whom a rule refuses: nothing is done', async () => {
      const { code, text } = await apply(machine, { user: 'bob', env: desktop })
      expect(code, text).not.toBe(0)
      expect(text).toMatch(/KHW-1\d\d/)
      expect(difference(furnished, await takeSnapshot(machine))).toEqual([])
    })

    test('pkexec lets in whom a rule lets in: installed and undone without a password', async () => {
      const { code, text } = await apply(machine, { env: desktop })
      expect(code, text).toBe(0)
      expect(text).not.toMatch(/assword for/)
      expect(await podsOf(machine)).toEqual(allPods)
      expect((await undo(machine, { env: desktop })).code).toBe(0)
      expect(difference(furnished, await takeSnapshot(machine))).toEqual([])
    })
  })
})
