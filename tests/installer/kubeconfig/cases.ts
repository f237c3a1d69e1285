// One generated kubeconfig after the other: merged, looked at with other eyes than ours, merged again, and taken out again.

import { isDeepStrictEqual } from 'node:util'
import { parse, parseDocument } from 'yaml'
import { decideMerge, decideRemoval } from '../../../electron/installer/kubeconfig/decide.ts'
import { difference } from '../../../electron/installer/kubeconfig/difference.ts'
import { type Entries, entriesFrom, markName } from '../../../electron/installer/kubeconfig/entries.ts'
import { type Generated, generate, type Random, secretWord, seeded } from './generate.ts'

export const microk8sConfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJDREVG
    server: https://127.0.0.1:16443
  name: microk8s-cluster
contexts:
- context:
    cluster: microk8s-cluster
    user: admin
  name: microk8s
current-context: microk8s
kind: Config
preferences: {}
users:
- name: admin
  user:
    client-certificate-data: ${secretWord}certificat
    client-key-data: ${secretWord}key123
`

export const entries = entriesFrom(microk8sConfig) as Entries

const sections = ['clusters', 'users', 'contexts'] as const
type Loose = Record<string, unknown> & { [S in (typeof sections)[number]]?: { name: string }[] | null }

const read = (text: string): Loose => (parse(text, { merge: true }) ?? {}) as Loose

/** Without what is ours, and with nothing, null and [] as the same thing; current-context aside. */
const others = (text: string): Loose => {
  const { 'current-context': current, ...value } = read(text)
  for (const section of sections) {
    const left = (value[section] ?? []).filter(entry => !JSON.stringify(entry).includes(markName))
    delete value[section]
    if (left.length > 0) value[section] = left
  }
  return value
}

/** Every line of the old text is still there, in its order. Lines that held an empty list or our own key may have changed. */
const keepsLines = (before: string, after: string): string | undefined => {
  const lines = after.split(/\r?\n/)
  let at = 0
  for (const line of before.split(/\r?\n/)) {
    if (/^[\s\uFEFF]*("?(clusters|users|contexts|current-context)"?:|null|~|\{ ?\}|$)/.test(line)) continue
    const found = lines.indexOf(line, at)
    if (found < 0) return line
    at = found + 1
  }
  return undefined
}

const isBlock = (text: string): boolean => !/^[\s\uFEFF]*\{/.test(text) && !/: ?[[{].*\S/.test(text)

export type Outcome = 'merged' | 'refused'

/** Undefined where all is well, else what is wrong. */
export const examine = ({ text, sort }: Generated, wantsCurrent: boolean): { outcome: Outcome; wrong?: string } => {
  const decision = decideMerge([{ path: '/c', text }], entries, wantsCurrent)
  if (decision.state === 'refused') {
    const wrong =
      sort === 'good' || (sort === 'clash' && decision.reason !== 'clash') ? `refused: ${JSON.stringify(decision)}` : undefined
    return wrong === undefined ? { outcome: 'refused' } : { outcome: 'refused', wrong }
  }
  const fail = (wrong: string) => ({ outcome: 'merged' as const, wrong })
  if (sort === 'clash') return fail('a clash was merged')
  if (decision.state !== 'needed') return fail(`state ${decision.state}`)
  const { after } = decision
  if (parseDocument(after).errors.length > 0) return fail('the result is broken')
  if (
    !isDeepStrictEqual(
      others(after),
      others(
        `${text.replace(/^\uFEFF?\s*(null|~)\s*$/, '')}\n`.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : blankToFresh(text),
      ),
    )
  )
    return fail('something of the user was changed')
  for (const section of sections)
    if (!isDeepStrictEqual((read(after)[section] ?? []).at(-1), entries[section])) return fail(`${section}: ours is not there`)
  const oldCurrent = read(text)['current-context'] || ''
  const expectedCurrent = oldCurrent === '' || wantsCurrent ? 'microk8s' : oldCurrent
  if (read(after)['current-context'] !== expectedCurrent) return fail('current-context')
  if (isBlock(text)) {
    const lost = keepsLines(text, after)
    if (lost !== undefined) return fail(`lost a line: ${lost}`)
  }
  if (text.includes('\r\n') && !/(^|[^\r])\n/.test(text) && /(^|[^\r])\n/.test(after)) return fail('line endings')
  if (decideMerge([{ path: '/c', text: after }], entries, wantsCurrent).state !== 'present') return fail('not present afterwards')
  if (difference('/c', text, after).includes(secretWord)) return fail('a secret is shown')
  const removal = decideRemoval('/c', after, decision.previousCurrent)
  if (removal.state !== 'needed') return fail(`removal ${JSON.stringify(removal)}`)
  if (!isDeepStrictEqual(others(removal.after), others(after))) return fail('removal changed something of the user')
  if (removal.after.includes(markName)) return fail('removal left something')
  if (
    (read(removal.after)['current-context'] || '') !==
    (isNamed(text, oldCurrent) ? oldCurrent : expectedCurrent === 'microk8s' ? '' : expectedCurrent)
  )
    return fail('current-context after removal')
  return { outcome: 'merged' }
}

/** An empty file gets the two fields that every kubeconfig has. */
const blankToFresh = (text: string): string => (parse(text) === null ? 'apiVersion: v1\nkind: Config\n' : text)

const isNamed = (text: string, name: unknown): boolean => (read(text).contexts ?? []).some(context => context.name === name)

export interface Report {
  cases: number
  merged: number
  refused: number
  styles: Record<string, number>
  failures: { seed: number; style: string; text: string; wrong: string }[]
}

export const examineMany = (count: number, seed: number): Report => {
  const report: Report = { cases: 0, merged: 0, refused: 0, styles: {}, failures: [] }
  for (let number = 0; number < count; number++) {
    const random: Random = seeded(seed + number)
    const made = generate(random, number % 500 === 499 ? 400 : 3)
    let result: { outcome: Outcome; wrong?: string }
    try {
      result = examine(made, random() < 0.3)
    } catch (error) {
      result = { outcome: 'refused', wrong: `threw ${error instanceof Error ? error.stack : error}` }
    }
    report.cases++
    report[result.outcome]++
    report.styles[made.style] = (report.styles[made.style] ?? 0) + 1
    if (result.wrong !== undefined)
      report.failures.push({ seed: seed + number, style: made.style, text: made.text, wrong: result.wrong })
  }
  return report
}
