import { describe, expect, it } from 'vitest'
import { lossesOf } from '../../electron/contract/setup.ts'
import { differences } from '../../electron/installer/baseline.ts'
import { progressOf } from '../../electron/installer/follow.ts'
import { commandsOf } from '../../electron/installer/helper/commands.ts'
import { forwardUnitText, launchText } from '../../electron/installer/helper/texts.ts'
import { rootRequest } from '../../electron/installer/helper/verbs.ts'
import { type PodState, readStatus } from '../../electron/installer/look.ts'
import { problemOf, problemOfChange } from '../../electron/installer/snap-problem.ts'
import { nameBlocker, type Scene } from '../../electron/installer/stall.ts'
import { blockingRule } from '../../electron/installer/steps/network.ts'

describe('a rule that blocks', () => {
  const blocked = '-A FORWARD -j DROP'
  it.each([
    ['a policy speaks last, after what MicroK8s appends', '-P FORWARD DROP', undefined],
    ['a rule for all', `-P FORWARD ACCEPT\n${blocked}`, blocked],
    [
      'after Docker has had its say',
      `-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n-A FORWARD -o docker0 -j DOCKER\n${blocked}`,
      blocked,
    ],
    ['Pods have been let through before it', `-A FORWARD -s 10.1.0.0/16 -j ACCEPT\n${blocked}`, undefined],
    ['all have been let through before it', `-A FORWARD -j ACCEPT\n${blocked}`, undefined],
    ['a rule for one network card', '-A FORWARD -i eth1 -j DROP', undefined],
    ['a rule for one protocol', '-A FORWARD -p tcp -j REJECT', undefined],
    ['a rule for broken connections', '-A FORWARD -m conntrack --ctstate INVALID -j DROP', undefined],
    [
      'with a comment that looks like an option',
      '-A FORWARD -m comment --comment "no -i here" -j REJECT --reject-with icmp-port-unreachable',
      '-A FORWARD -m comment --comment "no -i here" -j REJECT --reject-with icmp-port-unreachable',
    ],
    [
      'answers only are let through before it',
      `-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n${blocked}`,
      blocked,
    ],
  ])('%s', (_, rules, is) => {
    expect(blockingRule(rules)).toBe(is)
  })
})

describe('microk8s status --format short', () => {
  it.each([
    ['microk8s is running\naddons:\ncore/dns: enabled\ncore/hostpath-storage: disabled\n', 'running', ['core/dns']],
    ['microk8s is not running. Use microk8s inspect for a deeper inspection.\n', 'starting', []],
    ['microk8s is not running, try microk8s start\n', 'stopped', []],
    ['Insufficient permissions to access MicroK8s.\n', 'starting', []],
    ['', 'starting', []],
  ])('%j', (text, state, on) => {
    const status = readStatus(text)
    expect(status.state).toBe(state)
    expect([...status.addons].filter(([, enabled]) => enabled).map(([name]) => name)).toEqual(on)
  })
})

describe('what went wrong, in the words of snapd', () => {
  it.each([
    ['error: cannot find signatures with metadata for snap/component "microk8s.snap"', 'setup.snapSignature'],
    ['error: cannot find signatures with metadata for snap "microk8s.snap"', 'setup.snapSignature'],
    ['error: cannot assert: cannot resolve prerequisite assertion: account-key (abc)', 'setup.snapSignature'],
    ['error: snap "microk8s" has "install-snap" change in progress', 'setup.snapBusy'],
    [
      'error: cannot communicate with server: Post "http://localhost/v2/snaps": dial unix /run/snapd.socket: connect: no such file or directory',
      'setup.snapdSilent',
    ],
    ['cannot install "microk8s" due to low disk space', 'setup.diskFull'],
    ['groupadd: failure', 'setup.command'],
  ])('%s', (words, code) => {
    expect(problemOf(['/usr/bin/snap', 'install'], 1, words, '')).toMatchObject({ code, details: { code: 1 } })
  })
  it.each([
    [
      'cannot perform the following tasks:\n- Ensure prerequisites for "microk8s" are available (cannot install snap base "core22": Post https://api.snapcraft.io/v2/snaps/refresh: dial tcp)',
      'setup.snapBase',
    ],
    ['- Run install hook of "microk8s" snap if present (run hook "install": exit 1)', 'setup.snapHook'],
    ['- Download snap "x" (unable to contact snap store)', 'setup.storeUnreachable'],
    ['- Mount snap (fuse: broken)', 'setup.snapFailed'],
  ])('%s', (words, code) => {
    expect(problemOfChange('Install', words).code).toBe(code)
  })
})

describe('what a slow start waits for', () => {
  const calm: Scene = { hasRoute: true, deadServices: [], pods: [], events: [], nodes: [{ metadata: { name: 'desk' } }] }
  const pod = (parts: Partial<PodState> = {}): PodState => ({
    namespace: 'kube-system',
    name: 'coredns-1',
    phase: 'Pending',
    ready: 0,
    total: 1,
    reason: '',
    message: '',
    image: 'docker.io/coredns/coredns:1.13.1',
    restarts: 0,
    ...parts,
  })
  const sandbox = {
    metadata: { name: 'e' },
    type: 'Warning',
    reason: 'FailedCreatePodSandBox',
    message:
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.10": failed to pull image: dial tcp 34.96.108.209:443: i/o timeout',
  }
  const full = { metadata: { name: 'desk' }, status: { conditions: [{ type: 'DiskPressure', status: 'True' }] } }
  it.each<[string, Partial<Scene>, string | undefined, object?]>([
    ['nothing stands out', {}, undefined],
    ['it was stopped', { stopped: true }, 'stopped'],
    ['no default route and no API server', { hasRoute: false, pods: undefined }, 'route'],
    ['no default route, yet the API server answers', { hasRoute: false }, undefined],
    ['the API server is silent', { pods: undefined }, 'api'],
    ['a service is dead', { deadServices: ['snap.microk8s.daemon-kubelite'], pods: undefined }, 'service'],
    ['the disk is full', { nodes: [full], pods: [pod()] }, 'disk', { node: 'desk' }],
    [
      'the sandbox image holds all Pods',
      { pods: [pod(), pod({ name: 'b' })], events: [sandbox] },
      'image',
      { image: 'registry.k8s.io/pause:3.10', pods: 2 },
    ],
    ['an old event of it, and all Pods run', { pods: [pod({ phase: 'Running', ready: 1 })], events: [sandbox] }, undefined],
    [
      'an image of a Pod',
      { pods: [pod({ reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' })] },
      'image',
      { image: 'docker.io/coredns/coredns:1.13.1' },
    ],
    ['the archive is not taken', { pods: [pod()], archiveSeconds: 90 }, 'archive'],
    ['the archive has just been put there', { pods: [pod()], archiveSeconds: 20 }, 'pod'],
    ['a Pod crashes', { pods: [pod({ phase: 'Running', reason: 'CrashLoopBackOff', restarts: 4 })] }, 'crash', { restarts: 4 }],
    ['a Pod is pending', { pods: [pod()] }, 'pod', { ready: 0, total: 1 }],
    ['addons have not come', { addons: ['core/dns'] }, 'addons', { addons: 'core/dns' }],
    ['no node has registered', { nodes: [] }, 'node'],
  ])('%s', (_, scene, code, facts = {}) => {
    const blocker = nameBlocker({ ...calm, ...scene })
    expect(blocker?.code).toBe(code)
    expect(blocker?.facts ?? {}).toMatchObject(facts)
  })
})

describe('the helper', () => {
  it.each([
    { verb: 'run', argv: ['rm', '-rf', '/'] },
    { verb: 'snap-install', snap: 'evil', how: 'dangerous' },
    { verb: 'snap-install', snap: 'microk8s', how: 'dangerous', extra: '--devmode' },
    { verb: 'snap-switch', channel: '--amend' },
    { verb: 'snap-revert', from: 'x2', to: '1 --classic' },
    { verb: 'snap-drop', revision: '--purge' },
    { verb: 'images-place', archive: '../../etc/cron.d/x' },
    { verb: 'images-settle', archive: `khw-${'a'.repeat(16)}`, references: ['--help'] },
    { verb: 'bundle-stage', from: '/media/../etc', files: [] },
    { verb: 'bundle-stage', from: 'relative', files: [] },
    { verb: 'bundle-stage', from: '/media', files: [{ path: '../shadow', as: 'x' }] },
    { verb: 'bundle-stage', from: '/media', files: [{ path: 'snaps/x', as: '../x' }] },
    { verb: 'forwarding-remove', was: '2' },
    { verb: 'microk8s-enable', addon: 'rbac; reboot' },
    { verb: 'look-journal', unit: '../../x' },
    {},
    null,
  ])('refuses %j', request => {
    expect(rootRequest.safeParse(request).success).toBe(false)
  })

  it('runs absolute programs only, and no shell', () => {
    const requests = [
      { verb: 'forwarding-set' },
      { verb: 'forwarding-remove', was: '0' },
      { verb: 'forward-set' },
      { verb: 'forward-remove' },
      { verb: 'images-settle', archive: 'khw-0123456789abcdef', references: ['docker.io/library/busybox:1.28.4'] },
      { verb: 'snap-ack', snap: 'core22' },
      { verb: 'snap-install', snap: 'microk8s', how: 'signed' },
      { verb: 'snap-fetch', snap: 'snapd' },
      { verb: 'snap-remove', snap: 'microk8s' },
      { verb: 'snap-revert', from: 'x2', to: '8739' },
      { verb: 'snap-drop', revision: 'x2' },
      { verb: 'snap-switch', channel: '1.35/stable' },
      { verb: 'snap-hold' },
      { verb: 'snap-unhold' },
      { verb: 'microk8s-start' },
      { verb: 'microk8s-inspect' },
      { verb: 'microk8s-enable', addon: 'core/dns' },
      { verb: 'microk8s-disable', addon: 'core/hostpath-storage' },
      { verb: 'residue-remove', group: true, ufw: true, apparmor: true, ipv6: '0' },
      { verb: 'look-status' },
      { verb: 'look-config' },
      { verb: 'look-forward' },
      { verb: 'look-images' },
      { verb: 'look-objects', kind: 'pods' },
      { verb: 'look-journal', unit: 'kubelite' },
    ]
    const programs = requests
      .flatMap(request => commandsOf(rootRequest.parse(request)))
      .flatMap(act => (act.type === 'run' ? [act.argv[0]] : []))
    expect(programs.length).toBeGreaterThan(20)
    expect(programs.filter(program => !/^\/(usr\/s?bin|snap\/bin)\/[\w-]+$/.test(program) || /sh$/.test(program))).toEqual([])
  })

  it('writes these files', () => {
    expect(launchText(true)).toContain('--proxy-mode: nftables')
    expect(launchText(false)).not.toContain('proxy')
    expect(forwardUnitText.match(/^ExecSt.*/gm)).toEqual([
      'ExecStart=/usr/sbin/iptables -w -I FORWARD 1 -s 10.1.0.0/16 -m comment --comment kubernetes-hello-world -j ACCEPT',
      'ExecStart=/usr/sbin/iptables -w -I FORWARD 1 -d 10.1.0.0/16 -m comment --comment kubernetes-hello-world -j ACCEPT',
      'ExecStop=-/usr/sbin/iptables -w -D FORWARD -s 10.1.0.0/16 -m comment --comment kubernetes-hello-world -j ACCEPT',
      'ExecStop=-/usr/sbin/iptables -w -D FORWARD -d 10.1.0.0/16 -m comment --comment kubernetes-hello-world -j ACCEPT',
    ])
  })
})

it('counts tasks, and a download by its bytes', () => {
  const task = (status: string, summary: string, progress?: { label: string; done: number; total: number }) => ({
    kind: 'k',
    status,
    summary,
    ...(progress ? { progress } : {}),
  })
  const change = { id: '1', kind: 'install-snap', summary: 'Install', status: 'Doing', ready: false }
  const tasks = [task('Done', 'a'), task('Doing', 'Download', { label: '', done: 30, total: 120 }), task('Do', 'c')]
  expect(progressOf({ ...change, tasks })).toEqual({ done: 1.25, total: 3, label: 'Download' })
  expect(progressOf(change)).toEqual({ done: 0, total: 0, label: 'Install' })
})

it.each<[string, string[], string[]]>([
  ['nothing', ['forwarding-set'], []],
  ['all that is in it', ['microk8s-installed'], ['all']],
  ['what storage holds', ['addon-enabled'], ['all']],
  ["what is newer than the renewal of somebody's own", ['microk8s-renewed'], ['newer']],
  ['both', ['addon-enabled', 'microk8s-renewed'], ['all', 'newer']],
  ['all, renewed or not, where it goes', ['microk8s-installed', 'microk8s-renewed'], ['all']],
])('tells what undoing loses: %s', (_, changes, losses) => {
  expect(lossesOf(changes.map(what => ({ what, losesData: what !== 'forwarding-set' })))).toEqual(losses)
})

it('names what differs from before', () => {
  expect(differences({ a: '1', b: '2', c: 'absent' }, { a: '1', b: '3' })).toEqual([{ what: 'b', before: '2', now: '3' }])
})
