// What a bug report needs, as one text, with everything private taken out before anybody sees it.

import { isIPv6 } from 'node:net'
import type { CheckResult, PlannedStep } from '../contract/setup.ts'
import { readText } from '../platform/files.ts'
import type { Machine } from './machine.ts'

export interface Person {
  user: string
  home: string
  host: string
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Addresses that say nothing about anybody: loopback, everything, and those that every MicroK8s has. */
const isCommon = (address: string): boolean => /^(127\.|0\.0\.0\.0|10\.1\.|10\.152\.183\.|255\.)/.test(address)

/** Names, addresses, keys and tokens by what they are instead of what they say. Pure. */
export const redact = (text: string, { user, home, host }: Person): string => {
  const words: [RegExp, string | ((match: string) => string)][] = [
    [/-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g, '<pem>'],
    [/((?:certificate-authority|client-certificate|client-key)-data:\s*)\S+/g, '$1<key>'],
    [/((?:token|password|secret|authorization)["']?\s*[:=]\s*["']?)(?:Bearer\s+)?[^\s"',}]+/gi, '$1<secret>'],
    [/\bBearer\s+\S+/g, 'Bearer <secret>'],
    [/([a-z][a-z+]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, '$1<secret>@'],
    [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>'],
    [
      /(?<![\w:])[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*(?![\w:])/gi,
      word => (isIPv6(word) && word !== '::' && word !== '::1' ? '<ipv6>' : word),
    ],
    [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, address => (isCommon(address) ? address : '<ip>')],
  ]
  if (home.length > 1) words.unshift([new RegExp(`${escaped(home)}(?![\\w-])`, 'g'), '~'])
  // A name of one or two letters, or root, would be found in every other word.
  for (const [name, label] of [
    [host, '<host>'],
    [user, '<user>'],
  ] as const)
    if (name.length > 2 && name !== 'root') words.push([new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'g'), label])
  return words.reduce((sum, [pattern, put]) => sum.replace(pattern, put as string), text)
}

/** Programs that only look; what they answer is the report. */
const looks: readonly (readonly [string, ...string[]])[] = [
  ['uname', '-srm'],
  ['snap', 'version'],
  ['snap', 'list'],
  ['snap', 'changes'],
  ['ip', '-brief', 'address'],
  ['ip', 'route'],
  ['df', '-h', '/', '/var'],
  ['free', '-m'],
  ['systemctl', 'list-units', '--no-pager', '--all', 'snap.microk8s.*'],
]

/** Lines of the last run's log. */
const lastLines = 400

export interface Report {
  version: string
  /** Setup's folder: journal and logs. */
  folder: string
  log?: string
  checks: readonly CheckResult[]
  plan: readonly PlannedStep[]
}

/** @returns plain text, private words taken out */
export const collect = async (machine: Machine, { version, folder, log, checks, plan }: Report): Promise<string> => {
  const part = (title: string, body: string) => `## ${title}\n${body.trim() || '-'}\n`
  const answers = await Promise.all(
    looks.map(async argv => {
      const { code, stdout, stderr } = await machine.run(argv)
      return part(`$ ${argv.join(' ')}${code === 0 ? '' : `  (${code})`}`, stdout || stderr)
    }),
  )
  const tail = log === undefined ? '' : ((await readText(log)) ?? '').split('\n').slice(-lastLines).join('\n')
  const text = [
    `# Kubernetes Hello World ${version}\n`,
    part('/etc/os-release', (await machine.read('/etc/os-release')) ?? ''),
    part('checks', checks.map(({ id, state, facts }) => `${state}  ${id}  ${JSON.stringify(facts)}`).join('\n')),
    part('plan', plan.map(({ id, state, note }) => `${state}  ${id}  ${note ?? ''}`).join('\n')),
    ...answers,
    part('journal', (await readText(`${folder}/journal.jsonl`)) ?? ''),
    part('log of the last run', tail),
  ].join('\n')
  return redact(text, { user: machine.user.name, home: machine.user.home, host: machine.hostname })
}
