// Setup from a bare machine without any network to a ready MicroK8s and back, as a person at a terminal does it.
// He asks for all that only some want: a default route, the group, an alias.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundle } from './bundle.ts'
import { openMachine, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, apply, applyAll, bundlePlace, journalOf, podsOf, setup, undo, withoutNetwork } from './person.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()

describe.skipIf(why !== undefined)(`khw setup in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  let bare: Snapshot
  let installed: Snapshot
  beforeAll(async () => {
    await writeBundle(bundle.path)
    machine = await openMachine({ binds: [[bundle.path, bundlePlace]] })
    await withoutNetwork(machine)
    bare = await takeSnapshot(machine)
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })
  const kubeconfig = () => machine.must(['cat', '/home/alice/.kube/config'])

  test('looking changes nothing and asks for no password', async () => {
    for (const words of ['preflight', 'plan', 'status', 'ledger']) {
      const more = ['preflight', 'plan'].includes(words) ? ['--bundle', bundlePlace] : []
      const { text } = await setup(machine, [words, ...more])
      expect(text).not.toMatch(/\[sudo\]/)
      expect(text, words).not.toMatch(/KHW-006/)
    }
    expect(difference(bare, await takeSnapshot(machine))).toEqual([])
  })

  test('names the missing default route and the remedy, and begins nothing without it', async () => {
    const { code, text } = await apply(machine)
    expect(code, text).not.toBe(0)
    expect(text).toMatch(/no default route[\s\S]*khw setup apply --route[\s\S]*KHW-107/)
    expect(text).not.toMatch(/\[sudo\]/)
    expect(difference(bare, await takeSnapshot(machine))).toEqual([])
  })

  test('installs with one typed password; every Pod runs', async () => {
    const { code, text } = await applyAll(machine)
    expect(code, text).toBe(0)
    expect(await machine.must(['ip', 'route'])).toContain('default dev khw0')
    expect(await machine.must(['id', '-nG', 'alice'])).toContain('microk8s')
    expect(await machine.must(['bash', '-ic', 'alias kubectl'], { user: 'alice' })).toContain('/snap/microk8s/current/kubectl')
    expect(text.match(/\[sudo\] password for alice/g)).toHaveLength(1)
    expect(await podsOf(machine)).toEqual(allPods)
    expect(await machine.must(['snap', 'list'])).toMatch(/core22[\s\S]*microk8s.*held[\s\S]*snapd/)
    expect((await machine.must(['sysctl', '-n', 'net.ipv4.ip_forward'])).trim()).toBe('1')
    expect(await machine.must(['stat', '-c', '%a %U', '/home/alice/.kube/config'])).toBe('600 alice\n')
    expect((await machine.must(['kubectl', '--context', 'microk8s', 'get', 'nodes'], { user: 'alice' })).trim()).toMatch(/Ready/)
    await machine.sh('rm -rf /home/alice/.kube/cache')
    installed = await takeSnapshot(machine)
    expect(difference(bare, installed)).not.toEqual([])
  })

  test('a second run changes nothing and asks for nothing', async () => {
    const { code, text } = await apply(machine)
    expect(code, text).toBe(0)
    expect(text).not.toMatch(/\[sudo\]/)
    expect(difference(installed, await takeSnapshot(machine))).toEqual([])
  })

  test('after a reboot forwarding, rules and the same kubeconfig still work', async () => {
    const before = await kubeconfig()
    await machine.reboot()
    expect(await machine.must(['ip', 'route'])).toContain('default dev khw0')
    await machine.must(['/snap/bin/microk8s', 'status', '--wait-ready', '--timeout', '60', '--format', 'short'])
    expect((await machine.must(['sysctl', '-n', 'net.ipv4.ip_forward'])).trim()).toBe('1')
    expect(await machine.must(['iptables', '-S', 'FORWARD'])).toContain('generated for MicroK8s pods')
    expect(await kubeconfig()).toBe(before)
    await expect.poll(() => podsOf(machine), { timeout: 30_000 }).toEqual(allPods)
    const { code, text } = await apply(machine)
    expect(code, text).toBe(0)
    expect(text).not.toMatch(/\[sudo\]/)
  })

  test('undo leaves not one byte behind', async () => {
    const { code, text } = await undo(machine)
    expect(code, text).toBe(0)
    expect(difference(bare, await takeSnapshot(machine))).toEqual([])
    expect(journalOf(machine).at(-1)).toMatchObject({ type: 'run-ended', ok: true })
  })

  test('installs again where it was undone, and is undone again', async () => {
    expect((await applyAll(machine)).code).toBe(0)
    expect(await podsOf(machine)).toEqual(allPods)
    expect((await undo(machine)).code).toBe(0)
    expect(difference(bare, await takeSnapshot(machine))).toEqual([])
  })

  test("keeps what was there: a blocking rule, forwarding, a user's kubeconfig, another's group", async () => {
    await machine.sh(`
      iptables -A FORWARD -j DROP; sysctl -qw net.ipv4.ip_forward=1; groupadd microk8s; gpasswd -a bob microk8s > /dev/null
      su alice -c 'mkdir -p ~/.kube && printf "%s\\n" "# mine" "apiVersion: v1" "kind: Config" "current-context: work" \
        "contexts: [{name: work, context: {cluster: work, user: me}}]" "clusters: [{name: work, cluster: {server: https://192.0.2.7}}]" \
        "users: [{name: me, user: {token: t}}]" > ~/.kube/config; chmod 640 ~/.kube/config'`)
    const furnished = await takeSnapshot(machine)
    const { code, text } = await applyAll(machine)
    expect(code, text).toBe(0)
    expect(await machine.must(['getent', 'group', 'microk8s'])).toMatch(/:(bob,alice|alice,bob)$/m)
    expect(await kubeconfig()).toMatch(/current-context: work/)
    const rules = (await machine.must(['iptables', '-S', 'FORWARD'])).split('\n')
    const drop = rules.findIndex(rule => rule.endsWith('-j DROP'))
    expect(
      rules.slice(0, drop).filter(rule => /-[sd] 10\.1\.0\.0\/16.*ACCEPT/.test(rule)).length,
      rules.join('\n'),
    ).toBeGreaterThanOrEqual(2)
    await machine.reboot()
    // The machine's own rule and value were set by hand and went with the reboot; ours must be there again.
    expect(await machine.must(['iptables', '-S', 'FORWARD'])).toMatch(/-s 10\.1\.0\.0\/16/)
    await machine.sh('iptables -A FORWARD -j DROP')
    const back = await undo(machine)
    expect(back.code, back.text).toBe(0)
    await machine.sh('rm -rf /home/alice/.kube/cache')
    expect(
      difference(furnished, await takeSnapshot(machine)).filter(line => !line.startsWith('+ /home/alice/.kube/config.')),
    ).toEqual([])
  })
})
