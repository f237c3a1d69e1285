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

/** Quotes as JSON, YAML and JSON within a log's JSON write them. */
const quote = '["\'\\\\]*'
const after = (names: string, rest: string): RegExp => new RegExp(`((?:${names})${quote}\\s*[:=]\\s*${quote})${rest}`, 'gi')
const value = '[^\\s"\'\\\\,}]+'

/** Names of units look like addresses of mail. */
const isUnit = (word: string): boolean => /\.(service|scope|slice|socket|mount|target|timer|device|path)$/.test(word)

/** Long words of key material; digests, which bug reports need, are hexadecimal. */
const isKey = (word: string): boolean => !/^[0-9a-f]+$/i.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word)

type Replacement = readonly [pattern: RegExp, put: string | ((match: string) => string)]

const secrets: readonly Replacement[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, '<pem>'],
  [after('(?:certificate-authority|client-certificate|client-key)-data', value), '$1<key>'],
  [after('token|password|passwd|passphrase|secret|authorization|cookie', `(?:Bearer\\s+|Basic\\s+)?${value}`), '$1<secret>'],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/g, '$1 <secret>'],
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/g, '<token>'],
  // What microk8s add-node prints.
  [/(:25000\/)[0-9a-f]{32}(\/[0-9a-f]{12})?/g, '$1<token>'],
  [/([a-z][a-z+]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, '$1<secret>@'],
  [/(?<![\w+/=])[A-Za-z0-9+/]{40,}={0,2}(?![\w+/=])/g, word => (isKey(word) ? '<key>' : word)],
]

const addresses: readonly Replacement[] = [
  [/[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}\b/gi, word => (isUnit(word) ? word : '<mail>')],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>'],
  [
    /(?<![\w:])[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*(?![\w:])/gi,
    word => (isIPv6(word) && word !== '::' && word !== '::1' ? '<ipv6>' : word),
  ],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, address => (isCommon(address) ? address : '<ip>')],
]

/** A name of one or two letters, or root, would be found in every other word: there only where it must be a name. */
const names = (name: string, label: string): Replacement[] => {
  const word = escaped(name)
  if (name === 'root' || name === '') return []
  if (name.length > 2) return [[new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'g'), label]]
  return [
    [new RegExp(`(?<![\\w-])${word}(?=@)`, 'g'), label],
    [after('user|username|logname|sudo_user|uid|host|hostname', `${word}(?![\\w-])`), `$1${label}`],
  ]
}

/** Names, addresses, keys and tokens by what they are instead of what they say. Pure. */
export const redact = (text: string, { user, home, host }: Person): string => {
  const [short = ''] = host.split('.')
  const all: readonly Replacement[] = [
    ...(home.length > 1 ? [[new RegExp(`${escaped(home)}(?![\\w-])`, 'g'), '~'] as const] : []),
    ...secrets,
    ...addresses,
    [/\/home\/[^/\s"'\\:,]+/g, '/home/<user>'],
    ...names(host, '<host>'),
    ...(short === host ? [] : names(short, '<host>')),
    ...names(user, '<user>'),
  ]
  return all.reduce((sum, [pattern, put]) => sum.replace(pattern, put as string), text)
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
