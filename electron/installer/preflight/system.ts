// The system itself: processor, Ubuntu, control groups, kernel, name, snapd.

import * as z from 'zod/mini'
import { archOf } from '../bundle/lock.ts'
import { block, type Check, linesOf, pass, unknown, warn } from './check.ts'

export const architecture: Check = {
  id: 'architecture',
  look: async machine => {
    const arch = archOf(machine.arch)
    return arch === undefined ? block({ arch: machine.arch }) : pass({ arch })
  },
}

/** `NAME="value"` of os-release(5). */
const release = (lines: readonly string[]): Map<string, string> =>
  new Map(lines.map(line => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1).replace(/^(["'])(.*)\1$/, '$2')]))

/** The first whose snapd and kernel MicroK8s 1.35 supports; older ones have control groups of version 1. */
const oldest = 22.04

export const ubuntu: Check = {
  id: 'ubuntu',
  look: async machine => {
    const facts = release(await linesOf(machine, '/etc/os-release'))
    const id = facts.get('ID')
    if (id === undefined) return unknown()
    const name = facts.get('PRETTY_NAME') ?? id
    if (id !== 'ubuntu') return warn({ name }, 'yours')
    return Number(facts.get('VERSION_ID')) >= oldest ? pass({ name }) : block({ name })
  },
}

export const controlGroups: Check = {
  id: 'cgroup',
  look: async machine => {
    // Only the unified hierarchy has this file at its root.
    if (await machine.info('/sys/fs/cgroup/cgroup.controllers')) return pass()
    const mounts = await linesOf(machine, '/proc/mounts')
    return mounts.some(line => / cgroup2? /.test(line)) ? block() : unknown()
  },
}

/** Kubernetes' own rule for a node's name: RFC 1123. */
const hostnameRule = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

export const hostname: Check = {
  id: 'hostname',
  look: async ({ hostname }) => {
    if (hostname.length <= 63 && hostnameRule.test(hostname)) return pass({ hostname })
    const better = hostname
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 63)
    return block({ hostname, better: better || 'ubuntu' })
  },
}

/** kube-proxy needs it. For a kernel that knows nftables only, Setup tells kube-proxy so. */
export const ipTables: Check = {
  id: 'ip-tables',
  look: async machine => {
    if ((await machine.info('/sys/module/ip_tables')) || (await machine.info('/proc/net/ip_tables_names'))) return pass()
    const kernel = (await machine.read('/proc/sys/kernel/osrelease'))?.trim()
    if (kernel === undefined) return unknown()
    const lists = await Promise.all(
      ['modules.dep', 'modules.builtin'].map(name => machine.read(`/lib/modules/${kernel}/${name}`)),
    )
    if (lists.every(list => list === undefined)) return unknown({ kernel })
    return lists.some(list => /(^|\/)ip_tables\.ko/m.test(list ?? '')) ? pass({ kernel }) : warn({ kernel }, 'ours')
  },
}

/** Containers without it cannot run a kubelet, and MicroK8s' install hook ends there. */
export const kernelLog: Check = {
  id: 'kmsg',
  look: async machine => ((await machine.info('/dev/kmsg')) ? pass() : block()),
}

const systemInfo = z.looseObject({ version: z.string() })
const seeding = z.looseObject({ seeded: z.optional(z.boolean()) })

export const snapd: Check = {
  id: 'snapd',
  look: async machine => {
    const { status, result } = await machine.snapd('/v2/system-info')
    const info = systemInfo.safeParse(result)
    if (status !== 200 || !info.success) return block({ status })
    const { data } = seeding.safeParse((await machine.snapd('/v2/debug?aspect=seeding')).result)
    const { version } = info.data
    return data?.seeded === false ? warn({ version }, 'yours') : pass({ version })
  },
}
