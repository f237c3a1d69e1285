// Machines and people that are not as everybody else's: odd homes, no terminal, no sudo, two at once, another language.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundle } from './bundle.ts'
import { openMachine, password, repository, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'
import type { Typed, TypedOptions } from './typed.ts'

const why = await whyNoLab()

const home = "/home/an odd 家, isn't it"
const bundlePlace = '/opt/bundle/of mine'
const node = `${repository}/node_modules/.bin/node`
const khw = [node, `${repository}/out/electron/khw.js`] as const
const apply = [...khw, 'setup', 'apply', '--yes', '--group', '--alias', '--bundle', bundlePlace] as const

describe.skipIf(why !== undefined)(`odd machines in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  let bare: Snapshot
  beforeAll(async () => {
    await writeBundle(`${bundle.path}/of mine`)
    machine = await openMachine({ seeded: true, binds: [[bundle.path, '/opt/bundle']] })
    // His kubeconfig and his .bashrc are links, and the second is read-only and lacks its last line's end.
    await machine.sh(`
      useradd -m -d "${home}" -s /bin/bash -G sudo carol; echo 'carol:${password}' | chpasswd
      cd "${home}"
      mkdir dot .kube; printf 'apiVersion: v1\\nkind: Config\\n' > dot/config; ln -s ../dot/config .kube/config
      mv .bashrc dot/bashrc; printf 'export LAST=1' >> dot/bashrc; chmod 444 dot/bashrc; ln -s dot/bashrc .bashrc
      chown -R carol: .; chmod 700 .`)
    bare = await takeSnapshot(machine)
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })
  const type = (argv: readonly [string, ...string[]], options: Partial<TypedOptions> = {}): Promise<Typed> =>
    machine.type(argv, {
      user: 'carol',
      env: { LANG: 'C', LC_ALL: 'C' },
      answers: [[/assword[^\n]*: $/, password]],
      timeout: 180_000,
      ...options,
    })
  const unchanged = async () => expect(difference(bare, await takeSnapshot(machine))).toEqual([])

  test('without a terminal it says that nobody can be asked, and does nothing', async () => {
    const { code, stdout, stderr } = await machine.run(apply, { user: 'carol', stdin: '' })
    expect(code, stdout).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain('KHW-112')
    await unchanged()
  })

  test('without sudo it says so, and does nothing', async () => {
    await machine.sh('mv /usr/bin/sudo /usr/bin/sudo.away')
    const { code, text } = await type(apply)
    await machine.sh('mv /usr/bin/sudo.away /usr/bin/sudo')
    expect(code, text).not.toBe(0)
    expect(text).toContain('KHW-112')
    await unchanged()
  })

  test('a home and a bundle with spaces, links, read-only files, and the language C', async () => {
    const { code, text } = await type(apply)
    expect(code, text).toBe(0)
    const inHome = (script: string) => machine.must(['bash', '-c', `cd "$HOME" && ${script}`], { user: 'carol' })
    expect(await inHome('readlink .kube/config .bashrc')).toBe('../dot/config\ndot/bashrc\n')
    expect(await inHome('stat -c %a dot/config dot/bashrc')).toBe('600\n444\n')
    expect(await machine.must(['bash', '-ic', 'alias kubectl'], { user: 'carol' })).toContain('/snap/microk8s/current/kubectl')
    expect(
      await machine.must(['kubectl', '--context', 'microk8s', 'get', 'nodes'], {
        user: 'carol',
        env: { KUBECACHEDIR: '/tmp/k' },
      }),
    ).toMatch(/Ready/)
  })

  test('a second Setup at the same time is told of the first, which is not disturbed', async () => {
    const first = type([...khw, 'setup', 'undo', '--yes'])
    const lock = `for i in $(seq 400); do test -e "$HOME/.local/state/kubernetes-hello-world/setup/lock" && exit 0; sleep 0.05; done; exit 1`
    await machine.must(['bash', '-c', lock], { user: 'carol' })
    const second = await type(apply)
    expect(second.code, second.text).not.toBe(0)
    expect(second.text).toContain('KHW-101')
    const { code, text } = await first
    expect(code, text).toBe(0)
    await unchanged()
  })
})
