// The package on a whole machine: installed, used with its own helper and bundle, upgraded, removed and purged without a trace;
// and the AppImage, whose files root cannot read.

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlOf, type Packed, packStub, unpackDeb } from '../build/packed.ts'
import { writeBundle } from './bundle.ts'
import { openMachine, password, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, podsOf, setupFolder } from './person.ts'
import { run } from './run.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()

const app = '/opt/kubernetes-hello-world'
const helper = '/usr/lib/kubernetes-hello-world/setup-helper'
const kept = '/var/lib/kubernetes-hello-world'
const rule = `polkit.addRule(function (action, subject) {
  if (action.id == "io.github.kubernetes_hello_world.setup") return subject.user == "alice" ? polkit.Result.YES : polkit.Result.NO
})
`

/** A desktop's libraries by name alone: what the package asks for, so that apt installs it without an archive. */
const makeDesktop = async (folder: string, depends: string): Promise<void> => {
  const there = /^(libc6|libstdc\+\+6|pkexec|polkitd)\b/
  const names = depends.split(', ').map(group => group.split(' ')[0] ?? '')
  const fields = {
    Package: 'lab-desktop',
    Version: '1',
    Architecture: 'all',
    Maintainer: 'The lab <lab@localhost>',
    Provides: names.filter(name => !there.test(name)).join(', '),
    Description: 'names of a desktop',
  }
  mkdirSync(join(folder, 'desktop/DEBIAN'), { recursive: true })
  const text = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  writeFileSync(join(folder, 'desktop/DEBIAN/control'), text.join(''))
  await run(['dpkg-deb', '--root-owner-group', '--build', join(folder, 'desktop'), join(folder, 'desktop.deb')], { check: true })
}

/** The same package as a later version: a lesson gone, another come. */
const makeLater = async (folder: string, deb: string): Promise<void> => {
  const later = join(folder, 'later')
  await unpackDeb(deb, later)
  const script = `set -e; cd ${later}; sed -i 's/^Version: .*/Version: 99.0.0/' DEBIAN/control
    mv .${app}/resources/manifests/99-final .${app}/resources/manifests/98-final`
  await run(['sh', '-c', script], { check: true })
  await run(['dpkg-deb', '--root-owner-group', '-Zzstd', '-z1', '--build', later, join(folder, 'later.deb')], { check: true })
  await run(['rm', '-rf', later], { check: true })
}

describe.skipIf(why !== undefined)(`the package in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const files = temporaryFolder()
  let packed: Packed
  let machine: Machine
  let bare: Snapshot
  let deb = ''
  let appImage = ''

  beforeAll(async () => {
    const bundle = join(files.path, 'bundle')
    mkdirSync(bundle)
    await writeBundle(bundle)
    packed = await packStub('--bundle', bundle)
    for (const path of [packed.deb, packed.appImage]) await run(['mv', path, files.path], { check: true })
    deb = join('/opt/package', basename(packed.deb))
    appImage = join('/opt/package', basename(packed.appImage))
    const local = join(files.path, basename(packed.deb))
    await makeDesktop(files.path, (await controlOf(local)).Depends ?? '')
    await makeLater(files.path, local)
    machine = await openMachine({ bare: true, binds: [[files.path, '/opt/package']] })
    await apt('install', '/opt/package/desktop.deb')
    await machine.sh(
      `cat > /etc/polkit-1/rules.d/10-lab.rules; chmod 644 /etc/polkit-1/rules.d/10-lab.rules; systemctl restart polkit`,
      {
        stdin: rule,
      },
    )
    bare = await takeSnapshot(machine)
  })
  afterAll(async () => {
    await machine?.close()
    packed?.rm()
    files.rm()
  })

  const apt = (...words: string[]) =>
    machine.must(['apt-get', '-y', '-q', ...words], { env: { DEBIAN_FRONTEND: 'noninteractive' } })
  const has = async (path: string) => (await machine.run(['test', '-e', path])).code === 0
  const mode = async (path: string) => (await machine.must(['stat', '-c', '%U:%G %a', path])).trim()
  /** apt's and dpkg's own books change with every package. */
  const traces = async (before: Snapshot) =>
    difference(before, await takeSnapshot(machine)).filter(line => !/^. \/var\/lib\/(apt|dpkg)\/?/.test(line))
  /** By a shell: pkexec serves nobody whose parent is init. */
  const ask = (user: string) => machine.run(['sh', '-c', `pkexec ${helper}; exit $?`], { user, stdin: '' })
  const khw = (words: readonly string[], user = 'alice') =>
    machine.type(['khw', '--lang', 'en', ...words], {
      user,
      env: { DISPLAY: ':0' },
      answers: [[/assword[^\n]*: $/, password]],
      timeout: 180_000,
    })

  test('installs by apt, belongs to root, and runs for everybody', async () => {
    await apt('install', deb)
    expect(await mode(helper)).toBe('root:root 755')
    expect(await mode(`${app}/resources/node`)).toBe('root:root 755')
    expect(await mode('/usr/lib/kubernetes-hello-world/bundle.lock.json')).toBe('root:root 644')
    expect(await mode(`${app}/chrome-sandbox`)).toBe('root:root 755')
    // Read by this system's own AppArmor, which is a newer one.
    expect(await machine.must(['cat', '/etc/apparmor.d/kubernetes-hello-world'])).toContain('userns,')
    const doctor = await machine.run(['khw', 'doctor', '--json'], { user: 'bob' })
    expect(JSON.parse(doctor.stdout).checks).toContainEqual(expect.objectContaining({ id: 'practice', state: 'ok' }))
    const plan = await khw(['setup', 'plan'], 'bob')
    expect(plan.text).not.toMatch(/KHW-006/)
    expect(await machine.must(['pkaction', '--verbose', '--action-id', 'io.github.kubernetes_hello_world.setup'])).toMatch(
      new RegExp(`install MicroK8s[\\s\\S]*exec.path -> ${helper}`),
    )
  })

  test('pkexec starts the installed helper for whom the rule lets in, and for nobody else', async () => {
    expect(await ask('alice')).toMatchObject({ code: 0, stdout: '{"ready":1,"uid":0}\n' })
    expect(await ask('bob')).toMatchObject({ code: 127, stdout: '' })
    expect((await machine.run([helper], { user: 'bob', stdin: '' })).code).toBe(3)
  })

  test('Setup runs from it: its bundle, its helper by pkexec, its Node; and back', async () => {
    const furnished = await takeSnapshot(machine)
    const { code, text } = await khw(['setup', 'apply', '--yes'])
    expect(code, text).toBe(0)
    expect(text).not.toMatch(/assword for/)
    expect(await podsOf(machine)).toEqual(allPods)
    const back = await khw(['setup', 'undo', '--yes'])
    expect(back.code, back.text).toBe(0)
    expect(difference(furnished, await takeSnapshot(machine))).toEqual([])
  })

  test('upgrades: what is gone goes, what is new comes, what root keeps stays', async () => {
    await machine.sh(`mkdir -p ${kept}; echo x > ${kept}/note`)
    await apt('install', '/opt/package/later.deb')
    expect(await has(`${app}/resources/manifests/99-final`)).toBe(false)
    expect(await has(`${app}/resources/manifests/98-final/lesson.yaml`)).toBe(true)
    expect(await has(`${kept}/note`)).toBe(true)
    expect(await machine.must(['dpkg', '--status', 'kubernetes-hello-world'])).toMatch(
      /Status: install ok installed[\s\S]*Version: 99\.0\.0/,
    )
    expect(await ask('alice')).toMatchObject({ code: 0 })
  })

  test('leaves user namespaces to AppArmor where it can, to a root program where they are refused', async () => {
    const configure = () => machine.must(['/bin/sh', '/var/lib/dpkg/info/kubernetes-hello-world.postinst', 'configure', '1'])
    const profile = '/etc/apparmor.d/kubernetes-hello-world'
    const log = '/run/apparmor-log'
    // Stand-ins: this kernel may have no AppArmor. An old parser refuses what it does not know, as that of 22.04 does.
    await machine.sh(`
      printf '#!/bin/sh\\nexit 0\\n' > /run/aa-status
      printf '#!/bin/sh\\necho "$@" >> ${log}; test ! -e /run/old-parser\\n' > /run/apparmor_parser
      for name in aa-status apparmor_parser; do chmod 755 /run/$name; mount --bind /run/$name /usr/sbin/$name; done`)
    await configure()
    expect(await machine.must(['cat', profile])).toContain(`profile kubernetes-hello-world ${app}/kubernetes-hello-world`)
    expect(await machine.must(['cat', log])).toMatch(new RegExp(`--replace .*${profile}`))
    await machine.sh('touch /run/old-parser')
    await configure()
    expect(await has(profile)).toBe(false)
    await machine.sh('echo 0 > /run/zero; mount --bind /run/zero /proc/sys/user/max_user_namespaces; rm /run/old-parser')
    await configure()
    expect(await mode(`${app}/chrome-sandbox`)).toBe('root:root 4755')
    await machine.sh('umount /proc/sys/user/max_user_namespaces')
    await configure()
    expect(await mode(`${app}/chrome-sandbox`)).toBe('root:root 755')
    expect(await has(profile)).toBe(true)
  })

  test('goes when it is removed, and what root kept goes when it is purged: nothing is left', async () => {
    await apt('remove', 'kubernetes-hello-world')
    expect(await machine.must(['cat', '/run/apparmor-log'])).toMatch(/--remove \/etc\/apparmor.d\/kubernetes-hello-world\n$/)
    await machine.sh('umount /usr/sbin/aa-status /usr/sbin/apparmor_parser')
    for (const path of [app, helper, '/usr/bin/khw', '/etc/apparmor.d/kubernetes-hello-world'])
      expect(await has(path), path).toBe(false)
    expect(await has(`${kept}/note`)).toBe(true)
    await apt('purge', 'kubernetes-hello-world')
    expect(await has(app)).toBe(false)
    expect(await traces(bare)).toEqual([])
  })

  test('a purge leaves to MicroK8s what it needs, and takes it where MicroK8s is gone', async () => {
    const settings = [
      '/etc/sysctl.d/99-kubernetes-hello-world.conf',
      '/etc/systemd/system/kubernetes-hello-world-forward.service',
    ]
    await machine.sh(
      `echo 'net.ipv4.ip_forward = 1' > ${settings[0]}; printf '[Service]\\nExecStart=/bin/true\\n' > ${settings[1]}`,
    )
    await machine.sh('mkdir -p /snap/microk8s')
    await apt('install', deb)
    await apt('purge', 'kubernetes-hello-world')
    for (const path of settings) expect(await has(path), path).toBe(true)
    await machine.sh('rmdir /snap/microk8s')
    await apt('install', deb)
    await apt('purge', 'kubernetes-hello-world')
    expect(await traces(bare)).toEqual([])
  })

  test('from an AppImage, whose files root cannot read, Setup stages what root must have, and leaves none of it', async () => {
    const before = await takeSnapshot(machine)
    const place = '/home/alice/mnt'
    await machine.must(['mkdir', place], { user: 'alice' })
    const mount = machine.run(['squashfuse', '-f', '-o', 'offset=65536', appImage, place], { user: 'alice' })
    const isMounted = async () => (await machine.run(['test', '-e', `${place}/AppRun`], { user: 'alice' })).code
    await expect.poll(isMounted, { timeout: 20_000, interval: 200 }).toBe(0)
    const closed = await machine.run(['cat', `${place}/resources/snaps/bundle/bundle.lock.json`])
    expect(closed.code, 'root can read the mount: this test shows nothing').not.toBe(0)
    const khwOf = (...words: string[]) =>
      machine.type(
        [
          '/usr/bin/env',
          `${place}/resources/node`,
          `${place}/resources/app.asar.unpacked/out/electron/khw.js`,
          '--lang',
          'en',
          ...words,
        ],
        {
          user: 'alice',
          env: { APPIMAGE: appImage, APPDIR: place },
          answers: [[/assword[^\n]*: $/, password]],
          timeout: 180_000,
        },
      )
    const { code, text } = await khwOf('setup', 'apply', '--yes')
    expect(code, text).toBe(0)
    expect(await podsOf(machine)).toEqual(allPods)
    expect(await has(`${setupFolder}/staged`)).toBe(false)
    const back = await khwOf('setup', 'undo', '--yes')
    expect(back.code, back.text).toBe(0)
    await machine.sh(`fusermount3 -u ${place}`, { user: 'alice' })
    await mount
    await machine.must(['rmdir', place], { user: 'alice' })
    expect(difference(before, await takeSnapshot(machine))).toEqual([])
  })
})
