// A MicroK8s that somebody installed a while ago, with a cluster in use: renewed from the bundle where it is asked for, and brought back.

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { images, writeBundle } from './bundle.ts'
import { openMachine, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, apply, bundlePlace, installOlder, olderPlace, podsOf, setup, undo } from './person.ts'
import { standIns } from './snaps/pack.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()

describe.skipIf(why !== undefined)(`renewing in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  let before: Snapshot
  beforeAll(async () => {
    await writeBundle(bundle.path)
    // The same, and its lock says that it is two versions ahead.
    const far = `${bundle.path}/far`
    for (const name of ['snaps', 'images', 'bundle.lock.json'])
      cpSync(`${bundle.path}/${name}`, `${far}/${name}`, { recursive: true })
    const lock = `${far}/bundle.lock.json`
    writeFileSync(lock, readFileSync(lock, 'utf8').replace('v1.35.0', 'v1.36.0'))
    const { microk8s } = await standIns()
    machine = await openMachine({
      seeded: true,
      binds: [
        [bundle.path, bundlePlace],
        [microk8s.older, olderPlace],
      ],
    })
    await installOlder(machine)
    await cluster(`create deployment web --image=${images.at(-1)} -- sleep 1000`)
    await cluster('create configmap notes --from-literal=text=before')
    await cluster('wait deployment/web --for=condition=Available --timeout=60s')
    before = await takeSnapshot(machine)
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })
  const cluster = (line: string) => machine.sh(`microk8s kubectl ${line}`)
  const there = async () =>
    (await machine.must(['snap', 'list', '--all', 'microk8s']))
      .split('\n')
      .slice(1, -1)
      .map(row => row.split(/\s+/).slice(1, 4).join(' '))
  const differences = async (since: Snapshot) => difference(since, await takeSnapshot(machine))

  test('two versions behind: it says which to go through, and touches nothing', async () => {
    const { code, text } = await setup(machine, ['apply', '--yes', '--renew', '--bundle', `${bundlePlace}/far`])
    expect(code, text).not.toBe(0)
    expect(text).toMatch(/v1\.36\.0 is more than one version ahead of v1\.34\.3[\s\S]*1\.35\/stable[\s\S]*KHW-\d{3}/)
    expect(text).not.toMatch(/\[sudo\]/)
    expect(await differences(before)).toEqual([])
  })

  test('one version behind: it offers, and leaves it alone where nobody asks', async () => {
    const { text } = await setup(machine, ['preflight', '--bundle', bundlePlace])
    expect(text).toMatch(/renew it to v1\.35\.0[\s\S]*khw setup apply --renew/)
    expect((await setup(machine, ['plan', '--bundle', bundlePlace])).text).not.toContain('snap install')
    expect((await setup(machine, ['plan', '--bundle', bundlePlace, '--renew'])).text).toMatch(
      /snap install --classic --dangerous[\s\S]*snap revert --revision=x1 microk8s[\s\S]*snap remove --purge --revision=x2 microk8s/,
    )
  })

  test('renews it with all that is in its cluster; the second run changes nothing', async () => {
    const { code, text } = await apply(machine, {}, '--renew')
    expect(code, text).toBe(0)
    expect(await there()).toEqual(['v1.34.3 x1 1.34/stable', 'v1.35.0 x2 1.34/stable'])
    expect(await podsOf(machine)).toEqual(allPods)
    expect(await cluster('get configmap notes -o jsonpath={.data.text}')).toBe('before')
    await cluster('wait deployment/web --for=condition=Available --timeout=60s')
    expect(await machine.must(['snap', 'list'])).toMatch(/microk8s.*held/)
    const renewed = await takeSnapshot(machine)
    const second = await apply(machine)
    expect(second.code, second.text).toBe(0)
    expect(second.text).not.toMatch(/\[sudo\]/)
    expect(await differences(renewed)).toEqual([])
  })

  test('undo says what is lost, and brings the version before back with its cluster', async () => {
    await cluster('create configmap later --from-literal=text=after')
    const { code, text } = await undo(machine)
    expect(code, text).toBe(0)
    expect(text).toMatch(/from v1\.34\.3 to v1\.35\.0[\s\S]*made in it since is lost/)
    expect(await there()).toEqual(['v1.34.3 x1 1.34/stable'])
    await machine.sh('microk8s status --wait-ready --timeout 60')
    expect(await cluster('get configmap -o name')).toMatch(/configmap\/notes/)
    expect(await cluster('get configmap -o name')).not.toMatch(/configmap\/later/)
    expect(await differences(before)).toEqual([])
  })
})
