// The lab itself: what its machines can do, and that its own instruments see what they are there to see.

import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundle } from './bundle.ts'
import { openMachine, password, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { difference, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()

interface Change {
  status: string
  ready: boolean
  tasks: { status: string; summary: string }[]
}

/** What snapd answers on its socket to a user without rights. */
const ask = async <T>(machine: Machine, path: string): Promise<T> => {
  const argv = ['curl', '-sS', '--unix-socket', '/run/snapd.socket', `http://localhost${path}`] as const
  return (JSON.parse(await machine.must(argv, { user: 'bob' })) as { result: T }).result
}

describe.skipIf(why !== undefined)(`the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  beforeAll(async () => {
    await writeBundle(bundle.path)
    machine = await openMachine({ binds: [[bundle.path, '/opt/bundle']] })
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })
  const install = (name: string, ...flags: string[]) =>
    machine.must(['snap', 'install', '--dangerous', ...flags, `/opt/bundle/snaps/${name}_lab.snap`])

  test('runs commands as root and as users, and keeps their exit codes', async () => {
    expect((await machine.must(['id', '-un'])).trim()).toBe('root')
    expect((await machine.must(['id', '-un'], { user: 'bob' })).trim()).toBe('bob')
    expect((await machine.run(['sh', '-c', 'echo out; echo err >&2; exit 7'])).code).toBe(7)
    expect(await machine.sh('cat', { stdin: 'a line\n' })).toBe('a line\n')
  })

  test('types a password to sudo: the right one, a wrong one three times, none', async () => {
    // A terminal that hangs is closed in time for its words to be told.
    const sudo = (answer: string) =>
      machine.type(['sudo', '-k', 'id', '-un'], { user: 'alice', answers: [[/assword[^\n]*: $/, answer]], timeout: 60_000 })
    const right = await sudo(password)
    expect(right.code, right.text).toBe(0)
    expect(right.text).toContain('root')
    const wrong = await sudo('wrong')
    expect(wrong.code, wrong.text).toBe(1)
    expect(wrong.text).toContain('3 incorrect password attempts')
    const left = await sudo('^C')
    expect(left.code, left.text).not.toBe(0)
  })

  test('sees each kind of change, and nothing where nothing was changed', async () => {
    const before = await takeSnapshot(machine)
    expect(difference(before, await takeSnapshot(machine))).toEqual([])
    await machine.sh(`
      echo x > /etc/new; chmod 600 /etc/hosts; ln -sfn /tmp /usr/local/link; useradd carol; gpasswd -a bob sudo >/dev/null
      iptables -A FORWARD -s 192.0.2.0/24 -j DROP; sysctl -qw net.ipv4.ip_forward=1; systemctl mask -q cron-apt.service`)
    const names = difference(before, await takeSnapshot(machine)).map(line => line.split(' ').slice(0, 2).join(' '))
    const expected = [
      '+ /etc/new',
      '~ /etc/hosts:',
      '+ /usr/local/link',
      '+ user\tcarol:x:1002:1002::/home/carol:/bin/sh',
      '+ iptables\t-A',
    ]
    expect(names).toEqual(expect.arrayContaining([...expected, '+ group\tsudo:x:27:alice,bob', '+ sysctl\tnet.ipv4.ip_forward']))
    await machine.sh(`
      rm /etc/new /usr/local/link /etc/systemd/system/cron-apt.service; chmod 644 /etc/hosts; userdel carol
      gpasswd -d bob sudo > /dev/null; iptables -F FORWARD; sysctl -qw net.ipv4.ip_forward=0`)
    expect(difference(before, await takeSnapshot(machine))).toEqual([])
  })

  test('installs a snap with progress on the socket, survives reboot and plug, removes it without a trace', async () => {
    const before = await takeSnapshot(machine)
    await install('snapd')
    await install('core22')
    const said = await install('microk8s', '--classic', '--no-wait')
    const change = said.trim().split('\n').at(-1)
    const seen = new Set<number>()
    let news: Change
    do {
      news = await ask<Change>(machine, `/v2/changes/${change}`)
      seen.add(news.tasks.filter(({ status }) => status === 'Done').length)
    } while (!news.ready)
    expect(news.status).toBe('Done')
    // How many a busy machine lets us see is its affair: one before the end is progress.
    expect(seen.size, `counts seen: ${[...seen].join(', ')}`).toBeGreaterThan(1)
    const refused = await machine.run(['snap', 'install', '/opt/bundle/snaps/microk8s_lab.snap'])
    expect(refused.stderr).toMatch(/cannot find signatures with metadata/)

    await machine.reboot()
    expect((await machine.must(['systemctl', 'is-active', 'snap.microk8s.daemon-kubelite'])).trim()).toBe('active')
    await machine.sh('echo written > /root/note')
    await machine.cutPower()
    expect(await machine.must(['cat', '/root/note'])).toBe('written\n')
    await machine.must(['systemctl', 'start', 'snap.microk8s.daemon-kubelite'])

    await machine.sh('rm /root/note; for name in microk8s core22 snapd; do snap remove --purge $name; done; groupdel microk8s')
    await machine.sh(
      'rm -f /etc/apparmor.d/cri-containerd.apparmor.d; sysctl -qw net.ipv4.conf.all.forwarding=0 net.ipv6.conf.all.forwarding=0',
    )
    expect(difference(before, await takeSnapshot(machine))).toEqual([])
  })

  test('is gone without a trace when its process is killed', async () => {
    const place = temporaryFolder()
    const script = `${place.path}/boot.mjs`
    writeFileSync(
      script,
      `import { openMachine } from ${JSON.stringify(`${import.meta.dirname}/lab.ts`)}
       const machine = await openMachine()
       process.stdout.write(machine.root())
       process.kill(process.pid, 'SIGKILL')`,
    )
    const { spawnSync } = await import('node:child_process')
    const { existsSync } = await import('node:fs')
    const { stdout, signal, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(signal, stderr).toBe('SIGKILL')
    expect(stdout).toMatch(/^\/proc\/\d+\/root$/)
    for (let tries = 0; tries < 100 && existsSync(stdout); tries++) await sleep(50)
    expect(existsSync(stdout)).toBe(false)
    place.rm()
  })
})
