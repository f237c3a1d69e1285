import { describe, expect, it } from 'vitest'
import { stepIds } from '../../electron/contract/setup.ts'
import { withAlias } from '../../electron/installer/alias.ts'
import { launchText, sysctlText } from '../../electron/installer/helper/texts.ts'
import { archiveName, type Bundle, type Job } from '../../electron/installer/job.ts'
import {
  forwardUnit,
  forwardUnitFile,
  kubectlLink,
  launchFile,
  routeUnitFile,
  sideloadFolder,
  snapKubectl,
  sysctlFile,
} from '../../electron/installer/places.ts'
import { shownDoing } from '../../electron/installer/shown-command.ts'
import type { Finding } from '../../electron/installer/step.ts'
import { steps } from '../../electron/installer/steps/index.ts'
import { fakeMachine, type Table } from './fake-machine.ts'

const digest = (letter: string) => letter.repeat(96)
const archive = {
  path: 'images/images-amd64.tar',
  size: 9,
  digest: `sha256:${'d'.repeat(64)}`,
  references: ['docker.io/library/busybox:1.28.4'],
}
const signed: Bundle = {
  folder: '/media/bundle',
  snaps: (['snapd', 'core22', 'microk8s'] as const).map((name, index) => ({
    name,
    path: `snaps/${name}_${index + 1}.snap`,
    size: 10 + index,
    digest: `sha3-384:${digest('abc'[index] as string)}`,
    version: `1.${index}`,
    signed: { revision: index + 1, assertions: `snaps/${name}_${index + 1}.assert`, channel: '1.35/stable' },
  })),
  archive,
}
/** A snap of one's own: only its digest vouches for it. */
const other: Bundle = { ...signed, snaps: signed.snaps.map(snap => ({ ...snap, digest: `sha3-384:${digest('9')}` })) }
/** The names under which the ledger has a whole bundle's files. */
const stagedOf = ({ snaps, archive }: Bundle): string[] => {
  const files = snaps.flatMap(({ name, digest }) => [`${name}.snap:${digest.slice(-12)}`, `${name}.assert:`])
  return ['bundle-staged', ...[...files, `images.tar:${archive?.digest.slice(-12)}`].map(file => `bundle-staged ${file}`)]
}
const own: Bundle = { ...signed, snaps: signed.snaps.map(({ signed: _, ...snap }) => snap) }

const job = (parts: Partial<Job> = {}): Job => ({
  channel: '1.35/stable',
  online: false,
  choices: new Set(),
  passed: new Set(),
  made: new Set(),
  ...parts,
})
const base = { snapd: { type: 'snapd' }, core22: { type: 'base' } }
const withMicrok8s = { ...base, microk8s: { revision: '3', version: '1.2', 'tracking-channel': '1.35/stable' } }
const oneBehind = { snaps: { ...base, microk8s: { revision: 'x4', version: '1.1' } } }
const tar = `${sideloadFolder}/${archiveName(archive)}.tar`

const loaded = { files: { [`${tar}.loaded`]: '' } }

const pod = (name: string, ready = true, extra: object = {}) => ({
  metadata: { name, namespace: 'kube-system' },
  spec: { containers: [{ image: 'x' }] },
  status: { phase: 'Running', containerStatuses: [{ ready, restartCount: 0 }], ...extra },
})
const systemPods = ['calico-node-1', 'calico-kube-controllers-1', 'coredns-1', 'hostpath-provisioner-1']
const list = (...items: object[]) => ({ stdout: JSON.stringify({ items }) })
const running = 'microk8s is running\naddons:\ncore/dns: enabled\ncore/hostpath-storage: enabled\n'
const kubectlGet = (kind: string) =>
  `${snapKubectl} --context=microk8s --request-timeout=5s --cache-dir=/dev/null get ${kind} --all-namespaces --output=json`

/** One word for a finding: `done held`, `needed snap-hold`, `blocked no-bundle`, `later rules-need-root`. */
const short = (finding: Finding): string => {
  if (finding.state === 'done') return `done ${finding.note}`
  if (finding.state === 'blocked') return `blocked ${finding.reason}`
  if (finding.state === 'later') return `later ${finding.why}`
  return `needed ${finding.commands.map(command => (command.as === 'root' ? command.request.verb : command.does.type)).join(' ')}`
}
const inspect = async (id: (typeof stepIds)[number], table: Table, given: Partial<Job> = {}): Promise<Finding> => {
  const step = steps.find(one => one.id === id)
  if (step === undefined) throw new Error(id)
  return step.inspect(fakeMachine(table), job(given))
}

type Row = [is: string, given: string, table: Table, job?: Partial<Job>]
const routeHead = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n'
const nearby = 'eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n'
const defaultRoute = (device: string) => `${device}\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n`
const forwardOn = { '/proc/sys/net/ipv4/ip_forward': '1\n' }
const forwardOff = { '/proc/sys/net/ipv4/ip_forward': '0\n' }
const status = (stdout: string, code = 0) => ({ 'look-status': { stdout, code } })

const rows: Record<(typeof stepIds)[number], Row[]> = {
  bundle: [
    ['blocked snapd-silent', 'snapd is silent', { snapd: 'silent' }],
    ['blocked no-bundle', 'nothing is there and no network', {}],
    ['done bundle-from-store', 'no bundle, but a network', {}, { online: true }],
    ['needed bundle-stage', 'a bundle and a bare machine', {}, { bundle: signed }],
    ['done bundle-staged', 'it was staged by this run', {}, { bundle: signed, made: new Set(stagedOf(signed)) }],
    ['needed bundle-stage', 'another bundle was staged before', {}, { bundle: signed, made: new Set(stagedOf(other)) }],
    ['needed bundle-stage', 'only the images are missing', { snaps: withMicrok8s }, { bundle: signed }],
    ['done bundle-not-needed', 'all is installed', { snaps: withMicrok8s, files: { [`${tar}.loaded`]: '' } }, { bundle: signed }],
    ['done bundle-not-needed', 'an older one is there and nobody asks', { ...oneBehind, ...loaded }, { bundle: signed }],
    [
      'needed bundle-stage',
      'it is to be renewed',
      { ...oneBehind, ...loaded },
      { bundle: signed, choices: new Set(['renew'] as const) },
    ],
    [
      'done bundle-not-needed',
      'it cannot be renewed',
      { snaps: { ...base, microk8s: { version: '1.0' } }, ...loaded },
      { bundle: signed, choices: new Set(['renew'] as const) },
    ],
    ['done bundle-not-needed', 'all is installed and there is no bundle', { snaps: withMicrok8s }],
  ],
  forwarding: [
    ['needed forwarding-set', 'it is off', { files: forwardOff }],
    ['done forwarding-on', 'somebody else turned it on', { files: forwardOn }],
    ['done forwarding-ours', 'ours', { files: { ...forwardOn, [sysctlFile]: sysctlText } }],
    ['needed forwarding-set', 'our file is there, the value is not', { files: { ...forwardOff, [sysctlFile]: sysctlText } }],
    ['needed forwarding-set', 'our file was changed', { files: { ...forwardOn, [sysctlFile]: 'net.ipv4.ip_forward = 0\n' } }],
  ],
  'forward-rules': [
    ['later rules-need-root', 'nobody is root', {}],
    ['done forward-proven', 'CoreDNS is ready', { commands: { [kubectlGet('pods')]: list(pod('coredns-1')) } }],
    ['later rules-need-root', 'CoreDNS is not ready', { commands: { [kubectlGet('pods')]: list(pod('coredns-1', false)) } }],
    [
      'done forward-ours',
      'our unit is at work',
      { files: { [forwardUnitFile]: 'x' }, commands: { [`systemctl is-active --quiet ${forwardUnit}`]: {} } },
    ],
    ['needed forward-set', 'our unit was written and not started', { files: { [forwardUnitFile]: 'x' } }],
    ['done forward-no-iptables', 'there is no iptables', { root: {} }],
    ['done forward-open', 'a policy only', { root: { 'look-forward': { stdout: '-P FORWARD DROP\n' } } }],
    [
      'needed forward-set',
      'a rule for all',
      { root: { 'look-forward': { stdout: '-P FORWARD ACCEPT\n-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n' } } },
    ],
  ],
  route: [
    ['needed route-set', 'there is no network', { files: { '/proc/net/route': routeHead } }],
    ['needed route-set', 'only a network nearby', { files: { '/proc/net/route': `${routeHead}${nearby}` } }],
    ['done route-there', 'a network has brought one', { files: { '/proc/net/route': `${routeHead}${defaultRoute('eth0')}` } }],
    [
      'done route-ours',
      'our unit is at work',
      { files: { '/proc/net/route': `${routeHead}${defaultRoute('khw0')}`, [routeUnitFile]: 'x' } },
    ],
    [
      'needed route-set',
      'our unit was written and not started',
      { files: { '/proc/net/route': routeHead, [routeUnitFile]: 'x' } },
    ],
  ],
  images: [
    ['done images-none', 'no bundle', {}],
    ['needed images-place', 'they are not there', {}, { bundle: signed }],
    ['done images-placed', 'they lie there', { files: { [tar]: 'x' } }, { bundle: signed }],
    ['done images-placed', 'containerd has taken them', { files: { [`${tar}.loaded`]: 'x' } }, { bundle: signed }],
  ],
  launch: [
    ['blocked snapd-silent', 'snapd is silent', { snapd: 'silent' }],
    ['needed launch-write', 'it is missing', {}],
    ['done launch-written', 'ours is there', { files: { [launchFile]: launchText(false) } }],
    ['needed launch-write', 'another text is there', { files: { [launchFile]: 'version: 0.1.0\n' } }],
    ['done launch-foreign', 'one of the administrator comes first', { files: { '/etc/microk8s.yaml': 'x' } }],
    ['done launch-not-needed', 'MicroK8s is there', { snaps: withMicrok8s }],
  ],
  base: [
    ['blocked snapd-silent', 'snapd is silent', { snapd: 'silent' }],
    ['needed snap-ack snap-install snap-ack snap-install', 'both are missing', {}, { bundle: signed }],
    ['needed snap-install snap-install', 'both are missing, unsigned', {}, { bundle: own }],
    ['needed snap-fetch snap-fetch', 'both are missing, from the store', {}, { online: true }],
    ['needed snap-ack snap-install', 'only core22 is missing', { snaps: { snapd: {} } }, { bundle: signed }],
    [
      'needed snap-ack snap-install',
      'snapd is too old',
      { snaps: base, snapd: { '/v2/system-info': { version: '2.58+22.04' } } },
      { bundle: signed },
    ],
    ['done base-there', 'both are there', { snaps: base }, { bundle: signed }],
  ],
  microk8s: [
    ['blocked snapd-silent', 'snapd is silent', { snapd: 'silent' }],
    ['needed snap-ack snap-install', 'signed', { snaps: base }, { bundle: signed }],
    ['needed snap-install', 'pinned by its digest', { snaps: base }, { bundle: own }],
    ['needed snap-fetch', 'from the store', { snaps: base }, { online: true }],
    ['blocked no-bundle', 'neither bundle nor network', { snaps: base }],
    ['done microk8s-there', "the bundle's revision", { snaps: withMicrok8s }, { bundle: signed }],
    [
      'done microk8s-other',
      "another revision is somebody's and stays",
      { snaps: { microk8s: { revision: '2' } } },
      { bundle: signed },
    ],
    [
      'done microk8s-there',
      'a side-loaded one of the same version',
      { snaps: { microk8s: { revision: 'x1', version: '1.2' } } },
      { bundle: own },
    ],
    ['blocked microk8s-disabled', 'it is disabled', { snaps: { microk8s: { status: 'installed' } } }, { bundle: signed }],
  ],
  renew: [
    ['blocked snapd-silent', 'snapd is silent', { snapd: 'silent' }],
    ['done renew-comes-new', 'there is none', {}, { bundle: signed }],
    ['needed snap-ack snap-install', 'one version behind, signed', oneBehind, { bundle: signed }],
    ['needed snap-install', 'one version behind, pinned by its digest', oneBehind, { bundle: own }],
    ['blocked renew-too-far', 'two versions behind', { snaps: { microk8s: { version: '1.0' } } }, { bundle: signed }],
    ['done renew-not-needed', 'the same', { snaps: withMicrok8s }, { bundle: signed }],
    ['done renew-not-needed', 'a newer patch of the same', { snaps: { microk8s: { version: 'v1.2.7' } } }, { bundle: signed }],
    ['done renew-not-needed', 'a newer one', { snaps: { microk8s: { version: 'v1.3.0' } } }, { bundle: signed }],
    ['done renewed', 'we have renewed it', { snaps: withMicrok8s }, { bundle: signed, made: new Set(['microk8s-renewed']) }],
    [
      'needed snap-ack snap-install',
      'we have, and somebody went back',
      oneBehind,
      { bundle: signed, made: new Set(['microk8s-renewed']) },
    ],
    ['done renewed', 'we have, and the bundle is gone', oneBehind, { made: new Set(['microk8s-renewed']) }],
    ['blocked renew-no-bundle', 'without a bundle', { snaps: { microk8s: { version: 'v1.34.3' } } }, { online: true }],
    ['done renew-not-needed', 'without a bundle, and new enough', { snaps: { microk8s: { version: 'v1.35.0' } } }],
    ['blocked renew-unclear', 'a version of its own', { snaps: { microk8s: { version: 'main' } } }, { bundle: signed }],
    [
      'blocked renew-strict',
      'it is strict',
      { snaps: { microk8s: { version: '1.1', confinement: 'strict' } } },
      { bundle: signed },
    ],
    [
      'blocked microk8s-disabled',
      'it is disabled',
      { snaps: { microk8s: { version: '1.1', status: 'installed' } } },
      { bundle: signed },
    ],
  ],
  hold: [
    ['needed snap-switch snap-hold', 'before it is installed', {}, { bundle: signed }],
    ['needed snap-hold', 'before it is installed, without a channel', {}, { bundle: own }],
    ['needed snap-hold', 'its channel is right', { snaps: withMicrok8s }, { bundle: signed }],
    [
      'needed snap-switch snap-hold',
      'we have side-loaded it',
      { snaps: { microk8s: {} } },
      { bundle: signed, made: new Set(['microk8s-installed']) },
    ],
    [
      'needed snap-hold',
      "somebody else's follows another channel",
      { snaps: { microk8s: { 'tracking-channel': 'latest/edge' } } },
      { bundle: signed },
    ],
    [
      'needed snap-switch snap-hold',
      'we have renewed it: its old channel would lead back',
      { snaps: { microk8s: { 'tracking-channel': '1.34/stable' } } },
      { bundle: signed, made: new Set(['microk8s-renewed']) },
    ],
    [
      'needed snap-hold',
      'we have renewed one that follows no channel: there is no way back to that',
      { snaps: { microk8s: {} } },
      { bundle: signed, made: new Set(['microk8s-renewed']) },
    ],
    ['done held', 'it is held', { snaps: { microk8s: { hold: '2315-08-21T12:00:00Z' } } }],
    ['needed snap-hold', 'an old hold has run out', { snaps: { microk8s: { hold: '2026-01-01T00:00:00Z' } } }],
  ],
  ready: [
    ['needed wait-ready wait-images images-settle', 'before it is installed', {}, { bundle: signed }],
    ['later status-needs-root', 'nobody may ask', { snaps: withMicrok8s }],
    [
      'done ready',
      "the user's kubectl sees a ready node",
      {
        snaps: withMicrok8s,
        commands: {
          [kubectlGet('nodes')]: list({
            metadata: { name: 'desk' },
            status: { conditions: [{ type: 'Ready', status: 'True' }] },
          }),
          [kubectlGet('pods')]: list(),
        },
      },
    ],
    ['done ready', 'it says so', { snaps: withMicrok8s, root: status(running) }],
    [
      'needed wait-ready',
      'it is not yet',
      { snaps: withMicrok8s, root: status('microk8s is not running. Use microk8s inspect for a deeper inspection.', 1) },
    ],
    [
      'needed microk8s-start wait-ready',
      'it was stopped: exit code 0 all the same',
      { snaps: withMicrok8s, root: status('microk8s is not running, try microk8s start\n') },
    ],
    [
      'needed wait-ready wait-images images-settle',
      'containerd has not taken the images',
      { snaps: withMicrok8s, files: { [tar]: 'x' }, root: status(running) },
      { bundle: signed },
    ],
    [
      'needed wait-ready wait-images images-settle',
      'the images are not pinned',
      { snaps: withMicrok8s, files: { [`${tar}.loaded`]: 'x' }, root: status(running) },
      { bundle: signed },
    ],
    [
      'done ready',
      'the images are pinned',
      { snaps: withMicrok8s, files: { [`${tar}.loaded`]: '' }, root: status(running) },
      { bundle: signed },
    ],
  ],
  addons: [
    ['needed wait-addons', 'before it is installed', {}],
    ['later status-needs-root', 'nobody may ask', { snaps: withMicrok8s }],
    ['done addons-enabled', 'both are on', { snaps: withMicrok8s, root: status(running) }],
    [
      'needed microk8s-enable',
      'one is off',
      { snaps: withMicrok8s, root: status(running.replace('storage: enabled', 'storage: disabled')) },
    ],
    [
      'needed wait-addons',
      'the launch configuration is still at work',
      {
        snaps: withMicrok8s,
        files: { '/var/snap/microk8s/common/etc/launcher/install.yaml': 'x' },
        root: status(running.replaceAll('enabled', 'disabled')),
      },
    ],
    [
      'needed microk8s-enable microk8s-enable',
      'the launch configuration has been at work for too long',
      {
        snaps: withMicrok8s,
        files: { '/var/snap/microk8s/common/etc/launcher/install.yaml': { changedAt: Date.parse('2026-11-22T11:50:00Z') } },
        root: status(running.replaceAll('enabled', 'disabled')),
      },
    ],
  ],
  kubeconfig: [
    ['needed kubeconfig-merge', 'before it is installed', {}],
    ['later config-needs-root', 'nobody may ask', { snaps: withMicrok8s }],
    ['done kubeconfig-works', 'the context answers', { snaps: withMicrok8s, commands: { [kubectlGet('nodes')]: list() } }],
    ['later config-needs-microk8s', 'MicroK8s gives none', { snaps: withMicrok8s, root: {} }],
    ['blocked kubeconfig', 'MicroK8s gives nonsense', { snaps: withMicrok8s, root: { 'look-config': { stdout: 'none' } } }],
  ],
  kubectl: [
    ['needed kubectl-link', 'there is none', {}],
    ['done kubectl-there', 'there is one on PATH', { files: { '/usr/bin/kubectl': 'x' } }],
    ['done kubectl-there', 'somebody else has put one where ours goes', { files: { [kubectlLink]: 'x' } }],
    ['done kubectl-ours', 'ours', { files: { [kubectlLink]: { kind: 'link', target: snapKubectl } } }],
  ],
  group: [
    ['needed group-join', 'MicroK8s is still to come', {}],
    ['needed group-join', 'others are members', { snaps: withMicrok8s, files: { '/etc/group': 'microk8s:x:998:bob,alicea\n' } }],
    [
      'done group-there',
      'the user was one before',
      { snaps: withMicrok8s, files: { '/etc/group': 'microk8s:x:998:bob,alice\n' } },
    ],
    [
      'done group-ours',
      'we have done it',
      { snaps: withMicrok8s, files: { '/etc/group': 'x:x:1:alice\nmicrok8s:x:998:alice\n' } },
      { made: new Set(['group-joined']) },
    ],
    ['done group-root', 'root is root', { uid: 0 }],
  ],
  alias: [
    ['needed alias-add', 'there is no .bashrc', {}],
    ['needed alias-add', 'nothing of the kind is in it', { files: { '/home/alice/.bashrc': '# alias kubectl=x\n' } }],
    ['done alias-there', 'the user has one', { files: { '/home/alice/.bashrc': "  alias kubectl='microk8s kubectl'\n" } }],
    ['done alias-ours', 'ours is in it', { files: { '/home/alice/.bashrc': withAlias('PS1=x\n') } }],
  ],
  pods: [
    ['needed wait-pods', 'before it is installed', {}],
    ['later pods-need-root', 'nobody may ask', { snaps: withMicrok8s }],
    [
      'done pods-ready',
      'all are ready',
      { snaps: withMicrok8s, root: { 'look-objects pods': list(...systemPods.map(name => pod(name))) } },
    ],
    [
      'needed wait-pods',
      'one is not ready',
      { snaps: withMicrok8s, root: { 'look-objects pods': list(...systemPods.map((name, at) => pod(name, at > 0))) } },
    ],
    [
      'needed wait-pods',
      'one has not come',
      { snaps: withMicrok8s, root: { 'look-objects pods': list(...systemPods.slice(1).map(name => pod(name))) } },
    ],
    ['needed wait-pods', 'none has come', { snaps: withMicrok8s, root: { 'look-objects pods': list() } }],
  ],
  hello: [
    ['needed hello-run', 'never run', { snaps: withMicrok8s }],
    ['done hello-passed', 'it has passed', { snaps: withMicrok8s }, { passed: new Set(['hello'] as const) }],
    ['needed hello-run', 'it has passed on a MicroK8s that is gone', {}, { passed: new Set(['hello'] as const) }],
  ],
}

for (const id of stepIds)
  describe(id, () => {
    it.each(rows[id])('%s: %s', async (is, _given, table, parts) => {
      expect(short(await inspect(id, table, parts))).toBe(is)
    })
  })

it('has all steps, in their order', () => {
  expect(steps.map(({ id }) => id)).toEqual(stepIds)
})

describe('commands', () => {
  it('are what a person would type', async () => {
    const finding = await inspect('microk8s', { snaps: base }, { bundle: signed })
    if (finding.state !== 'needed') throw new Error(finding.state)
    expect(finding.commands.map(shownDoing)).toEqual([
      'snap ack /var/lib/kubernetes-hello-world/bundle/microk8s.assert',
      'snap install --classic /var/lib/kubernetes-hello-world/bundle/microk8s.snap',
    ])
    const custom = await inspect('microk8s', { snaps: base }, { bundle: own })
    if (custom.state !== 'needed') throw new Error(custom.state)
    expect(custom.commands.map(shownDoing)).toEqual([
      'snap install --classic --dangerous /var/lib/kubernetes-hello-world/bundle/microk8s.snap',
    ])
  })

  it("renew to a revision that undo knows: of the store, or the next of snapd's own", async () => {
    const undoOf = async (bundle: Bundle, revisions: string[] = ['x4']) => {
      const all = revisions.map(revision => ({ name: 'microk8s', version: '1.1', revision, status: 'installed' }))
      const finding = await inspect('renew', { ...oneBehind, snapd: { '/v2/snaps?select=all': all } }, { bundle })
      return finding.state === 'needed' ? finding.commands.at(-1)?.change?.undo.map(shownDoing) : undefined
    }
    const back = 'snap revert --revision=x4 microk8s'
    expect(await undoOf(signed)).toEqual([back, 'snap remove --purge --revision=3 microk8s'])
    expect(await undoOf(own)).toEqual([back, 'snap remove --purge --revision=x5 microk8s'])
    expect(await undoOf(own, ['x4', 'x11', '8739'])).toEqual([back, 'snap remove --purge --revision=x12 microk8s'])
    expect(await undoOf(signed, ['x4', '3'])).toEqual([back])
  })

  it('name the versions to go through', async () => {
    const bundle = { ...own, snaps: own.snaps.map(snap => ({ ...snap, version: 'v1.35.0' })) }
    const finding = await inspect('renew', { snaps: { microk8s: { version: 'v1.32.9' } } }, { bundle })
    expect(finding).toMatchObject({ facts: { version: 'v1.32.9', offered: 'v1.35.0', channels: '1.33/stable, 1.34/stable' } })
  })

  it('stage only what is still needed, with its digests', async () => {
    const finding = await inspect('bundle', { snaps: base }, { bundle: signed })
    if (finding.state !== 'needed') throw new Error(finding.state)
    expect(finding.commands[0]).toMatchObject({
      request: {
        from: '/media/bundle',
        files: [
          { path: 'snaps/microk8s_3.snap', as: 'microk8s.snap', size: 12, digest: `sha3-384:${digest('c')}` },
          { path: 'snaps/microk8s_3.assert', as: 'microk8s.assert' },
          { path: 'images/images-amd64.tar', as: 'images.tar', size: 9, digest: archive.digest },
        ],
      },
    })
  })

  it('undo forwarding to what it was', async () => {
    const undoOf = async (files: Record<string, string>) => {
      const finding = await inspect('forwarding', { files })
      return finding.state === 'needed' ? finding.commands[0]?.change?.undo : undefined
    }
    expect(await undoOf(forwardOff)).toEqual([{ as: 'root', request: { verb: 'forwarding-remove', was: '0' } }])
  })

  it('remember what MicroK8s must leave behind when it goes: only what was not there before', async () => {
    const undoOf = async (files: Record<string, string>) => {
      const finding = await inspect('microk8s', { snaps: base, files }, { bundle: own })
      return finding.state === 'needed' ? finding.commands[0]?.change?.undo[1] : undefined
    }
    expect(await undoOf({ '/etc/group': 'root:x:0:\n', '/proc/sys/net/ipv6/conf/all/forwarding': '0\n' })).toEqual({
      as: 'root',
      request: { verb: 'residue-remove', group: true, ufw: false, apparmor: true, ipv6: '0' },
    })
    const there = {
      '/etc/group': 'microk8s:x:990:bob\n',
      '/etc/apparmor.d/cri-containerd.apparmor.d': 'x',
      '/etc/ufw/ufw.conf': 'ENABLED=yes\n',
    }
    expect(await undoOf({ ...there, '/proc/sys/net/ipv6/conf/all/forwarding': '1\n' })).toEqual({
      as: 'root',
      request: { verb: 'residue-remove', group: false, ufw: true, apparmor: false },
    })
  })

  it('tell kube-proxy of a kernel without ip_tables', async () => {
    const finding = await inspect('launch', { commands: { 'modprobe -n ip_tables': { code: 1 } } })
    expect(finding).toMatchObject({ commands: [{ request: { verb: 'launch-write', nftables: true } }] })
  })
})
