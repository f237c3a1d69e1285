// Kubeconfig files as people have them: written by hand, by kubectl and by machines, in every style that YAML allows; by seed.

export interface Generated {
  text: string
  /** `good` must be merged, `clash` must be refused for its name, `odd` may be either. */
  sort: 'good' | 'clash' | 'odd'
  style: string
}

export type Random = () => number

/** mulberry32: the same numbers for the same seed. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const chance = (random: Random, of: number): boolean => random() < of

let serial = 0
/** Must never be seen in a shown difference. */
export const secretWord = 'SECRET'
const secret = (random: Random): string =>
  `${secretWord}${Math.floor(random() * 1e9).toString(36)}${'x'.repeat(Math.floor(random() * 60))}`

const names = [
  'prod',
  'dev-1',
  'kind-kind',
  '集群',
  'arn:aws:eks:eu-1:1:cluster/a',
  "o'brien",
  'a b',
  'minikube',
  '"q"',
  'x#y',
  'microk8s-cluster',
  'admin',
]

const newName = (random: Random) => `${pick(random, names)}${chance(random, 0.5) ? ++serial : `-${++serial}`}`

const entry = (random: Random, section: string, name: string): Record<string, unknown> => {
  const extra = chance(random, 0.15) ? { 'x-unknown': { deep: [1, true, null, 'text'] } } : {}
  if (section === 'clusters')
    return {
      cluster: {
        server: `https://${Math.floor(random() * 255)}.example:6443`,
        ...(chance(random, 0.4) ? { 'certificate-authority-data': 'QUJD'.repeat(1 + Math.floor(random() * 300)) } : {}),
        ...(chance(random, 0.1) ? { 'proxy-url': `http://me:${secret(random)}@proxy:3128` } : {}),
        ...(chance(random, 0.1) ? { extensions: [{ name: 'minikube.sigs.k8s.io', extension: { version: 'v1.33.0' } }] } : {}),
      },
      name,
      ...extra,
    }
  if (section === 'users') {
    const user: Record<string, unknown> = pick(random, [
      { token: secret(random) },
      { 'client-certificate-data': secret(random), 'client-key-data': secret(random) },
      { username: 'u', password: secret(random) },
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'get-token',
          args: ['--key', secret(random)],
          env: [{ name: 'A', value: secret(random) }],
        },
      },
      { 'auth-provider': { name: 'oidc', config: { 'client-secret': secret(random), 'id-token': secret(random) } } },
      {},
    ])
    return { name, user, ...extra }
  }
  return {
    context: { cluster: newName(random), user: newName(random), ...(chance(random, 0.3) ? { namespace: 'n' } : {}) },
    name,
    ...extra,
  }
}

const scalar = (random: Random, value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value)
  const isPlain = /^[A-Za-z][\w./:-]*$/.test(value) && !/:$|: /.test(value)
  if (isPlain && chance(random, 0.8)) return value
  if (!value.includes("'") && chance(random, 0.3)) return `'${value}'`
  return JSON.stringify(value)
}

const comment = (random: Random, of: number): string =>
  chance(random, of) ? ` # ${secret(random)} ${pick(random, ['mine', '不要动', 'x: y', '- a'])}` : ''

/** Block YAML of a map, each line behind `indent`. */
const block = (random: Random, value: Record<string, unknown>, indent: string): string[] =>
  Object.entries(value).flatMap(([key, inner]) => {
    const step = pick(random, ['  ', '  ', '    '])
    if (Array.isArray(inner) && inner.length > 0) {
      const dash = indent + pick(random, ['', '  '])
      return [
        `${indent}${key}:${comment(random, 0.03)}`,
        ...inner.flatMap(item =>
          item && typeof item === 'object'
            ? blockItem(random, item as Record<string, unknown>, dash)
            : [`${dash}- ${scalar(random, item)}`],
        ),
      ]
    }
    if (typeof inner === 'object' && inner !== null) {
      if (Object.keys(inner).length === 0 || chance(random, 0.1))
        return [`${indent}${key}: ${flow(random, inner)}${comment(random, 0.05)}`]
      return [`${indent}${key}:${comment(random, 0.03)}`, ...block(random, inner as Record<string, unknown>, indent + step)]
    }
    if (typeof inner === 'string' && inner.length > 20 && !inner.includes(' ') && chance(random, 0.1))
      return [`${indent}${key}: ${pick(random, ['|', '|-', '>-', '|+'])}`, `${indent}${step}${inner}`]
    return [`${indent}${key}: ${scalar(random, inner)}${comment(random, 0.05)}`]
  })

const blockItem = (random: Random, value: Record<string, unknown>, dash: string): string[] => {
  if (chance(random, 0.1)) return [`${dash}- ${flow(random, value)}${comment(random, 0.1)}`]
  const gap = pick(random, [' ', ' ', '   '])
  const lines = block(random, value, `${dash} ${gap}`)
  return [`${dash}-${gap}${(lines[0] as string).trimStart()}`, ...lines.slice(1)]
}

const flow = (random: Random, value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(item => flow(random, item)).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(random, inner)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}

const shuffled = <T>(random: Random, list: readonly T[]): T[] =>
  list
    .map(item => [random(), item] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item)

const sectionNames = ['clusters', 'users', 'contexts'] as const

const clashing = (random: Random): Record<string, unknown> => {
  const section = pick(random, sectionNames)
  return { section, entry: entry(random, section, 'microk8s') }
}

const contentOf = (random: Random, size: number, clash: Record<string, unknown> | undefined): Record<string, unknown> => {
  const value: Record<string, unknown> = {}
  const add = (key: string, make: () => unknown, of: number) => {
    if (chance(random, of)) value[key] = make()
  }
  const parts: (() => void)[] = [
    () => add('apiVersion', () => 'v1', 0.9),
    () => add('kind', () => 'Config', 0.9),
    () => add('preferences', () => ({}), 0.7),
    () => add('current-context', () => pick(random, ['', 'prod', '集群', null]), 0.7),
    () => add('x-team', () => ({ note: secret(random), list: [1, 2] }), 0.15),
    ...sectionNames.map(
      section => () =>
        add(
          section,
          () =>
            chance(random, 0.2)
              ? pick(random, [null, []])
              : Array.from({ length: 1 + Math.floor(random() * size) }, () => entry(random, section, newName(random))),
          0.85,
        ),
    ),
  ]
  for (const part of shuffled(random, parts)) part()
  if (clash !== undefined) {
    const section = clash.section as string
    value[section] = [...((value[section] as unknown[] | null | undefined) ?? []), clash.entry]
  }
  return value
}

const blockFile = (random: Random, value: Record<string, unknown>): string => {
  const root = chance(random, 0.05) ? '  ' : ''
  const lines: string[] = []
  if (chance(random, 0.15)) lines.push('---')
  for (const [key, inner] of Object.entries(value)) {
    if (chance(random, 0.15)) lines.push(`${root}#${comment(random, 1)}`)
    if (chance(random, 0.1)) lines.push('')
    const name = chance(random, 0.05) ? JSON.stringify(key) : key
    if (inner === null || (Array.isArray(inner) && inner.length === 0))
      lines.push(
        `${root}${name}:${inner === null ? pick(random, ['', ' null', ' ~']) : pick(random, [' []', ' [ ]', ' [\n]'.replace('\n', '')])}${comment(random, 0.2)}`,
      )
    else lines.push(...block(random, { [name]: inner }, root))
  }
  if (chance(random, 0.15)) lines.push(`#${comment(random, 1)}`)
  if (chance(random, 0.05)) lines.push('...')
  return lines.join('\n') + (chance(random, 0.85) ? '\n' : '')
}

const withAnchors = (text: string): string =>
  `x-shared: &shared\n  namespace: shared\n${text}${text.endsWith('\n') || text === '' ? '' : '\n'}x-user:\n  <<: *shared\n  more: 1\n`

/** Damage of every kind. What comes out may still be YAML by chance. */
const broken = (random: Random, text: string): string => {
  const at = Math.floor(random() * text.length)
  return pick(random, [
    () => text.slice(0, at),
    () => `${text}\nclusters: []\nclusters: []\n`,
    () => text.replace(/\n /g, '\n\t'),
    () => `${text.slice(0, at)}"${text.slice(at)}`,
    () => `${text}\n---\nother: document\n`,
    () => text.replace(/clusters:[^\n]*/, 'clusters: 5'),
    () => text.replace(/name: [^\n]*/, 'name: 7'),
    () => text.replace(/current-context:[^\n]*/, 'current-context: [a]'),
    () => `${text.slice(0, at)}\u0000\u0001${text.slice(at)}`,
    () =>
      `${text.slice(0, at)}${pick(random, ['{', '[', '}', ']', ': ', '&a ', '*a ', '!!', '%', '@', '- ', '|\n'])}${text.slice(at)}`,
    () =>
      `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n`,
    () => text.replace(/apiVersion: v1/, 'apiVersion: apps/v1').replace(/kind: Config/, 'kind: Deployment'),
    () => `- ${text}`,
  ])()
}

export const generate = (random: Random, size = 3): Generated => {
  const isClash = chance(random, 0.1)
  const value = contentOf(random, size, isClash ? clashing(random) : undefined)
  const style = pick(random, ['block', 'block', 'block', 'block', 'json', 'json2', 'json-tab', 'flow', 'blank', 'anchors'])
  const made = {
    block: () => blockFile(random, value),
    json: () => JSON.stringify(value),
    json2: () => `${JSON.stringify(value, undefined, pick(random, [2, 4]))}\n`,
    'json-tab': () => JSON.stringify(value, undefined, '\t'),
    flow: () =>
      Object.entries(value)
        .map(([key, inner]) => `${key}: ${flow(random, inner)}\n`)
        .join(''),
    blank: () => pick(random, ['', '\n', '# empty\n', '---\n', '{}', '{ }\n', '\uFEFF', 'null\n', '~', '# a\n# b', '\n\n\n']),
    anchors: () =>
      withAnchors(
        blockFile(random, value)
          .replace(/^---\n/, '')
          .replace(/^ {2}/gm, '  ')
          .replace(/\.\.\.\n?$/, ''),
      ),
  }[style as 'block']
  let text = made()
  if (chance(random, 0.15)) text = text.replaceAll('\n', '\r\n')
  if (chance(random, 0.05) && !text.startsWith('\uFEFF')) text = `\uFEFF${text}`
  if (chance(random, 0.2)) return { text: broken(random, text), sort: 'odd', style: `${style}, broken` }
  // What is indented as a whole does not go with other fields before it, and its first column is hidden by a byte-order mark.
  const isIndented =
    (style === 'anchors' || text.startsWith('\uFEFF')) &&
    /^\uFEFF? {2}"?(apiVersion|kind|preferences|clusters|users|contexts|current-context|x-team)"?:/m.test(text)
  if (isIndented) return { text, sort: 'odd', style }
  return { text, sort: isClash && style !== 'blank' ? 'clash' : 'good', style }
}
