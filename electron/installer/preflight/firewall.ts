// What may stop packets on their way to Pods: FORWARD rules, ufw, Docker.

import { blockingRule } from '../steps/network.ts'
import { type Check, linesOf, pass, unknown, warn } from './check.ts'

/**
 * A policy of DROP does no harm: MicroK8s appends rules that accept its Pods. A rule before them does.
 * Only root may read the rules, so mostly this is not known until Setup has root, and it looks again then.
 */
export const forward: Check = {
  id: 'forward',
  look: async machine => {
    const { code, stdout } = await machine.run(['iptables', '-S', 'FORWARD'])
    if (code !== 0) return unknown()
    const rule = blockingRule(stdout)
    return rule === undefined ? pass() : warn({ rule }, 'ours')
  },
}

export const ufw: Check = {
  id: 'ufw',
  look: async machine => {
    const lines = await linesOf(machine, '/etc/ufw/ufw.conf')
    // MicroK8s adds its own rules to it when it starts, so it is no obstacle; its rules stay when MicroK8s goes.
    return lines.some(line => /^\s*ENABLED\s*=\s*yes\b/i.test(line)) ? warn({}, 'ours') : pass()
  },
}

export const docker: Check = {
  id: 'docker',
  look: async machine => {
    const isThere = (await Promise.all(['/run/docker.sock', '/var/run/docker.sock'].map(machine.info))).some(Boolean)
    const snap = await machine.snapd('/v2/snaps/docker')
    return isThere || snap.status === 200 ? warn({}, 'ours') : pass()
  },
}
