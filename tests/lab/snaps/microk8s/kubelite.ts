// The daemon kubelite: prepares the host's network as the real one does at each start, then runs a practice cluster on port 16443.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openJournal } from '../../../../electron/platform/journal.ts'
import { createIdentity, createPractice, type Identity } from '../../../../electron/practice/practice.ts'
import { kubeconfigOf } from './config.ts'
import { apply } from './kubectl.ts'
import { type Applied, places, readImages, readJson, variant, writeJson } from './place.ts'

if (variant() === 'crash-loop') {
  console.error('E0101 00:00:00.000000 1 run.go:72] "command failed" err="stand-in: made to crash"')
  process.exit(1)
}

// Without a default route the API server does not find its own address.
const routes = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)
if (!routes.some(line => /^\S+\t00000000\t\S+\t\S+\t\S+\t\S+\t\S+\t00000000/.test(line))) {
  console.error(`unable to find suitable network address.error='no default routes found in "/proc/net/route"'`)
  process.exit(1)
}

const has = (program: string): boolean => spawnSync('which', [program]).status === 0
for (const path of ['/proc/sys/net/ipv4/conf/all/forwarding', '/proc/sys/net/ipv6/conf/all/forwarding'])
  if (existsSync(path)) writeFileSync(path, '1')
for (const program of ['iptables'].filter(has)) {
  for (const way of ['-s', '-d']) {
    const rule = ['FORWARD', way, '10.1.0.0/16', '-m', 'comment', '--comment', 'generated for MicroK8s pods', '-j', 'ACCEPT']
    if (spawnSync(program, ['-w', '-C', ...rule]).status !== 0) spawnSync(program, ['-w', '-A', ...rule])
  }
}
// Loaded for the containers' profile, and never taken away again.
if (existsSync('/etc/apparmor.d') && !existsSync('/etc/apparmor.d/cri-containerd.apparmor.d'))
  writeFileSync(
    '/etc/apparmor.d/cri-containerd.apparmor.d',
    '# stand-in\nprofile cri-containerd.apparmor.d flags=(unconfined) {\n}\n',
  )

rmSync(places.up, { force: true })
const identity = readJson<Identity | undefined>(places.identity, undefined) ?? createIdentity()
writeJson(places.identity, identity, 0o600)
const kept = existsSync(places.backend) ? await openJournal(places.backend, { now: Date.now() }) : undefined
const cluster = await createPractice({
  port: 16443,
  nodes: 1,
  identity,
  ...(kept && { state: { log: kept.journal, records: kept.records } }),
  imageSource: {
    has: reference => reference in readImages(),
    // No network, as on the machines this is for.
    refusal: ({ registry, path, tag }) => {
      const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry
      const why = `dial tcp: lookup ${host}: Temporary failure in name resolution`
      return `failed to do request: Head "https://${host}/v2/${path}/manifests/${tag}": ${why}`
    },
  },
  onError: (where, error) => console.error(`${where}: ${String(error)}`),
})
// MicroK8s brings no storage of its own before its addon does.
cluster.registry.delete('storageclasses.storage.k8s.io', '', 'standard')
mkdirSync(dirname(places.clientConfig), { recursive: true })
writeFileSync(places.clientConfig, kubeconfigOf({ server: cluster.server, ...identity }), { mode: 0o660 })
for (const name of new Set<Applied>(['calico', ...readJson<Applied[]>(places.applied, [])])) {
  const { code, stderr } = await apply(name)
  if (code !== 0) console.error(`${name}: ${stderr}`)
}
writeFileSync(places.up, '')
console.log('kubelite is up')
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void cluster.stop().finally(() => process.exit(0)))
