// A person at a machine of the lab: types `khw setup …` in a terminal, and the password when sudo asks for it.

import { readFileSync } from 'node:fs'
import { choices } from '../../electron/contract/setup.ts'
import type { JournalEvent } from '../../electron/installer/journal.ts'
import { password, repository } from './lab.ts'
import type { Machine } from './machine.ts'
import type { Typed, TypedOptions } from './typed.ts'

export const bundlePlace = '/opt/bundle'
const home = '/home/alice'
export const setupFolder = `${home}/.local/state/kubernetes-hello-world/setup`

export interface Wish extends Partial<TypedOptions> {
  user?: string
  env?: Readonly<Record<string, string>>
  /** Loaded by Node before `khw`. */
  preload?: string
  password?: string
  /** A desktop whose authentication agent answers so: `dismiss`, or a password. What it was asked is in `agentLog`. */
  desktop?: string
}

export const agentLog = '/tmp/agent.log'
/** In one session: polkit looks for the agent of the session in which it is asked. */
const withAgent = `node=$1; shift; $node ${repository}/tests/lab/agent.ts > ${agentLog} 2>&1 & agent=$!
for i in $(seq 100); do grep -q here ${agentLog} && break; sleep 0.1; done
"$@"; code=$?; kill $agent; exit $code`

const node = `${repository}/node_modules/.bin/node`

/** `khw setup WORDS` as alice. */
export const setup = (machine: Machine, words: readonly string[], wish: Wish = {}): Promise<Typed> => {
  const preload = wish.preload === undefined ? [] : ['--import', `${repository}/${wish.preload}`]
  const khw = [node, ...preload, `${repository}/out/electron/khw.js`, '--lang', 'en', 'setup', ...words] as const
  return machine.type(wish.desktop === undefined ? khw : ['sh', '-c', withAgent, 'sh', node, ...khw], {
    user: wish.user ?? 'alice',
    env: { ...(wish.desktop === undefined ? {} : { DISPLAY: ':0', AGENT_ANSWER: wish.desktop }), ...wish.env },
    answers: wish.answers ?? [[/assword[^\n]*: $/, wish.password ?? password]],
    timeout: wish.timeout ?? 180_000,
    ...(wish.onText && { onText: wish.onText }),
  })
}

/** With further words such as `--group`. */
export const apply = (machine: Machine, wish?: Wish, ...words: string[]): Promise<Typed> =>
  setup(machine, ['apply', '--yes', '--bundle', bundlePlace, ...words], wish)

/** With all that only some want. */
export const applyAll = (machine: Machine, wish?: Wish): Promise<Typed> =>
  apply(machine, wish, ...choices.map(name => `--${name}`))

/** Its network card stays; of a router the machine has never heard, nor will after a reboot. */
export const withoutNetwork = (machine: Machine): Promise<string> =>
  machine.sh(`sed -i '/route add default/d' /etc/systemd/system/lab-network.service
    systemctl daemon-reload
    ip route del default`)

export const olderPlace = '/opt/older.snap'
const sideload = '/var/snap/microk8s/common/etc/sideload'

/** A MicroK8s one version behind, by hand: the bundle's images as well, and a channel for the day when there is a network. */
export const installOlder = (machine: Machine): Promise<string> =>
  machine.sh(`snap install --classic --dangerous ${olderPlace}
    snap switch --channel=1.34/stable microk8s
    snap refresh --hold microk8s
    cp ${bundlePlace}/images/*.tar ${sideload}/mine.tar
    microk8s status --wait-ready --timeout 60
    until test -e ${sideload}/mine.tar.loaded; do sleep 0.2; done
    microk8s enable dns
    microk8s enable hostpath-storage`)

export const undo = (machine: Machine, wish?: Wish): Promise<Typed> => setup(machine, ['undo', '--yes'], wish)

/** All that the journal says; a torn last line is left out. */
export const journalOf = (machine: Machine): JournalEvent[] =>
  readFileSync(`${machine.root()}${setupFolder}/journal.jsonl`, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as JournalEvent)

interface PodList {
  items: { metadata: { name: string; namespace: string }; status: { phase: string; containerStatuses?: { ready: boolean }[] } }[]
}

/** The system's Pods by the start of their names, seen with alice's own kubeconfig; a Pod that is not wholly ready says so. */
export const podsOf = async (machine: Machine): Promise<string[]> => {
  const argv = ['/snap/microk8s/current/kubectl', '--context=microk8s', 'get', 'pods', '-n', 'kube-system', '-o', 'json'] as const
  const { items } = JSON.parse(await machine.must(argv, { user: 'alice', env: { KUBECACHEDIR: '/tmp/kube' } })) as PodList
  return items
    .map(({ metadata, status }) => {
      const isReady = status.phase === 'Running' && status.containerStatuses?.every(({ ready }) => ready) === true
      const name = /^(calico-node|calico-kube-controllers|coredns|hostpath-provisioner)/.exec(metadata.name)?.[1] ?? metadata.name
      return isReady ? name : `${name} ${status.phase}`
    })
    .sort()
}

export const allPods = ['calico-kube-controllers', 'calico-node', 'coredns', 'hostpath-provisioner']
