// A manifest line by line: what changed since the one before, and where the cluster differs from the file. Pure.

import { diffLines } from 'diff'

export interface ManifestLine {
  number: number
  text: string
  /** Lit: not in the previous version. `was` holds the value that the same field had. */
  isNew: boolean
  was?: string
}

const fieldOf = (line: string): { key: string; value: string } | undefined => {
  const match = /^(\s*(?:- )?[\w./-]+):\s*(.*)$/.exec(line)
  return match ? { key: match[1] as string, value: (match[2] as string).trim() } : undefined
}

/** Without a version before, nothing is lit. */
export const manifestLines = (text: string, before: string | undefined): ManifestLine[] => {
  const plain = text.replace(/\n$/, '')
  if (before === undefined) return plain.split('\n').map((line, index) => ({ number: index + 1, text: line, isNew: false }))
  const lines: ManifestLine[] = []
  let removed: string[] = []
  for (const part of diffLines(`${before.replace(/\n$/, '')}\n`, `${plain}\n`)) {
    const own = part.value.replace(/\n$/, '').split('\n')
    if (part.removed) {
      removed = own
      continue
    }
    for (const line of own) {
      const field = part.added ? fieldOf(line) : undefined
      const old = field && removed.map(fieldOf).find(candidate => candidate?.key === field.key)?.value
      lines.push({ number: lines.length + 1, text: line, isNew: part.added, ...(old !== undefined && { was: old }) })
    }
    removed = []
  }
  return lines
}

/** A line's key, its mark and its value, for two inks. */
export const inkOf = (line: string): { lead: string; key: string; rest: string } => {
  const match = /^(\s*(?:- )*)([\w./-]+)(:(?:\s.*)?)$/.exec(line)
  return match
    ? { lead: match[1] as string, key: match[2] as string, rest: match[3] as string }
    : { lead: '', key: '', rest: line }
}

/** The Deployment that a `replicas:` line speaks of, by the name its document gives. */
export const replicasLine = (lines: readonly ManifestLine[]): { number: number; name: string; replicas: number } | undefined => {
  const line = lines.find(candidate => /^ {2}replicas: \d+$/.test(candidate.text))
  if (!line) return undefined
  const above = lines.slice(0, line.number).reverse()
  const name = above.map(candidate => /^ {2}name: (\S+)$/.exec(candidate.text)?.[1]).find(found => found !== undefined)
  return name ? { number: line.number, name, replicas: Number(line.text.split(':')[1]) } : undefined
}
