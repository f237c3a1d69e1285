// The stand-in's hooks: install, configure and remove, in what the real ones leave on a machine and what they take away.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { common, manifests, places, snap, variant } from './place.ts'

const links: Readonly<Record<string, string>> = {
  '/var/lib/kubelet': join(common, 'var/lib/kubelet'),
  '/var/lib/calico': join(common, 'var/lib/calico'),
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true

const fail = (words: string): never => {
  console.error(words)
  process.exit(1)
}

/** The first that is there is taken, and the others are not looked at. */
const launchConfig = (): string =>
  ['/etc/microk8s.yaml', '/root/snap/microk8s/common/.microk8s.yaml', join(common, '.microk8s.yaml')].find(existsSync) ??
  join(snap, 'microk8s.default.yaml')

const install = () => {
  if (variant() === 'failing-hook') fail('stand-in: the install hook was made to fail')
  const config = parse(readFileSync(launchConfig(), 'utf8')) as { version?: string } | undefined
  if (!/^0\.[12]\.\d+$/.test(config?.version ?? ''))
    fail(`cannot apply launch configuration ${launchConfig()}: unsupported version`)
  for (const folder of [places.sideload, places.launcher, places.args, places.locks, places.defaultStorage])
    mkdirSync(folder, { recursive: true })
  if (variant() === 'older') mkdirSync(places.backend, { recursive: true })
  cpSync(launchConfig(), join(places.launcher, 'install.yaml'))
  cpSync(join(snap, 'default-args'), places.args, { recursive: true })
  cpSync(join(snap, manifests.calico), join(places.args, 'cni-network/cni.yaml'))
  for (const folder of ['/root/snap/microk8s/common/sideload', join(common, 'sideload'), join(snap, 'sideload')])
    for (const file of existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.tar')) : [])
      cpSync(join(folder, file), join(places.sideload, file))
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(target, { recursive: true })
    if (existsSync(path) || isLink(path)) continue
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path)
  }
}

const configure = () => {
  spawnSync('groupadd', ['--system', 'microk8s']) // there already: nothing happens
  const copy = join(common, 'addons/core')
  if (!existsSync(copy)) cpSync(join(snap, 'addons/core'), copy, { recursive: true })
}

const remove = () => {
  for (const way of ['-s', '-d']) {
    const rule = ['FORWARD', way, '10.1.0.0/16', '-m', 'comment', '--comment', 'generated for MicroK8s pods', '-j', 'ACCEPT']
    spawnSync('iptables', ['-w', '-D', ...rule])
  }
  for (const path of Object.keys(links)) if (isLink(path)) unlinkSync(path)
  rmSync('/etc/sysctl.d/10-microk8s.conf', { force: true })
}

const hooks: Readonly<Record<string, () => void>> = { install, configure, remove }
hooks[process.argv[2] ?? '']?.()
