// Forwarding of packets, and a way past rules that would drop the packets of Pods.

import { sysctlText } from '../helper/texts.ts'
import { isPodReady, objects, podState } from '../look.ts'
import { forwardUnit, forwardUnitFile, podNetwork, sysctlFile } from '../places.ts'
import type { Command, Finding, Step } from '../step.ts'

export const forwarding: Step = {
  id: 'forwarding',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    const now = (await machine.read('/proc/sys/net/ipv4/ip_forward'))?.trim()
    const ours = await machine.read(sysctlFile)
    if (ours === sysctlText && now === '1') return { state: 'done', note: 'forwarding-ours', facts: { path: sysctlFile } }
    if (ours === undefined && now === '1') return { state: 'done', note: 'forwarding-on' }
    const command: Command = {
      as: 'root',
      request: { verb: 'forwarding-set' },
      why: 'forwarding',
      touches: [sysctlFile, 'net.ipv4.ip_forward'],
      change: {
        what: 'forwarding-set',
        facts: { path: sysctlFile },
        before: `net.ipv4.ip_forward = ${now ?? '0'}`,
        after: 'net.ipv4.ip_forward = 1',
        undo: [{ as: 'root', request: { verb: 'forwarding-remove', was: now === '1' ? '1' : '0' } }],
      },
    }
    return { state: 'needed', commands: [command] }
  },
}

/** Matches only some packets: not a rule that stops Pods. */
const isNarrow = /\s(-s|-d|-i|-o|-p|--ctstate|--state|-m\s+(?!comment))\b/

/**
 * The first rule that drops all that is forwarded before anybody has accepted the packets of Pods; undefined where none does.
 * The policy does not matter: MicroK8s appends rules that accept, and a policy speaks after all rules.
 */
export const blockingRule = (rules: string): string | undefined => {
  for (const rule of rules.split('\n')) {
    if (!rule.startsWith('-A FORWARD ')) continue
    const target = /\s-j (\S+)/.exec(rule)?.[1]
    const isOpen = !isNarrow.test(rule.replace(/--comment ("[^"]*"|\S+)/, ''))
    const forPods = rule.includes(podNetwork)
    if (target === 'ACCEPT' && (isOpen || forPods)) return undefined
    if ((target === 'DROP' || target === 'REJECT') && isOpen) return rule
  }
  return undefined
}

const forwardCommand = (rule: string): Command => ({
  as: 'root',
  request: { verb: 'forward-set' },
  why: 'forward-rules',
  touches: [forwardUnitFile, 'iptables FORWARD'],
  change: {
    what: 'forward-set',
    facts: { unit: forwardUnit, rule },
    before: rule,
    after: `${podNetwork} ACCEPT`,
    undo: [{ as: 'root', request: { verb: 'forward-remove' } }],
  },
})

export const forwardRules: Step = {
  id: 'forward-rules',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    if ((await machine.info(forwardUnitFile)) !== undefined) {
      const isActive = (await machine.run(['systemctl', 'is-active', '--quiet', forwardUnit])).code === 0
      // Written by a run that was cut off before it was started.
      if (!isActive) return { state: 'needed', commands: [forwardCommand(forwardUnitFile)] }
      return { state: 'done', note: 'forward-ours', facts: { unit: forwardUnit } }
    }
    if (!machine.root) {
      // Without root nobody may read the rules. CoreDNS is ready only where Pods reach the API server: then none is in the way.
      const pods = (await objects(machine, 'pods'))?.map(podState) ?? []
      if (pods.some(pod => pod.name.startsWith('coredns-') && isPodReady(pod))) return { state: 'done', note: 'forward-proven' }
      return { state: 'later', why: 'rules-need-root', likely: [] }
    }
    const { code, stdout } = await machine.root({ verb: 'look-forward' })
    if (code !== 0) return { state: 'done', note: 'forward-no-iptables' }
    const rule = blockingRule(stdout)
    return rule === undefined ? { state: 'done', note: 'forward-open' } : { state: 'needed', commands: [forwardCommand(rule)] }
  },
}
