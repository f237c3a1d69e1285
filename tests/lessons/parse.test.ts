import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { AppError } from '../../electron/contract/errors.ts'
import { parseLesson } from '../../electron/lessons/parse.ts'

const textsOf = (id: string): Record<string, string> =>
  Object.fromEntries(readdirSync(`manifests/${id}`).map(name => [name, readFileSync(`manifests/${id}/${name}`, 'utf8')]))

const ids = readdirSync('manifests').filter(name => /^\d\d-/.test(name))

test.each(ids)('%s is a whole lesson', id => {
  const lesson = parseLesson(id, textsOf(id))
  expect(lesson.number).toBe(id.slice(0, 2))
  for (const local of [lesson.title, lesson.intro, lesson.question, ...lesson.tasks.flatMap(task => [task.title, task.say])])
    for (const text of [local['zh-CN'], local.en]) expect(text).not.toBe('')
  for (const local of [lesson.title, lesson.about, lesson.question]) expect(local['zh-CN']).toMatch(/\p{Script=Han}/u)
  // one sentence on a card
  for (const text of [lesson.about['zh-CN'], lesson.about.en]) expect(text.match(/[.。]/g)).toHaveLength(1)
  expect(lesson.files.map(file => file.name)).not.toContain('lesson.yaml')
})

test.each(ids)('%s: every manifest is good YAML and pulls no image that is there', id => {
  for (const [name, text] of Object.entries(textsOf(id)).filter(([file]) => file.endsWith('.yaml') && file !== 'lesson.yaml'))
    for (const part of text.split(/^---$/m)) {
      const document = parseDocument(part)
      expect(document.errors, name).toEqual([])
      if (part.includes('image:')) expect(part, name).toContain('imagePullPolicy: IfNotPresent')
    }
})

const readme = `# T\n\nIntro.\n\n## One\n\nSay.\n\n\`\`\`sh\nkubectl get pod\n\`\`\`\n\n## Why\n\nWhy?\n`
const yaml = `namespace: default
creates: [pod/web]
cleanup: [kubectl delete pod web]
tasks:
- id: one
  actions:
  - id: look
    run: kubectl get pod
    passes: [there]
  checks:
  - id: there
    text: { zh-CN: 有, en: there }
    of: pod/web
    for: exists
`
const good = { 'lesson.yaml': yaml, 'README.md': readme, 'README.en.md': readme }

test('the smallest lesson', () => {
  const { tasks, title, intro, question } = parseLesson('05-x', good)
  expect({ title, intro, question }).toEqual({
    title: { 'zh-CN': 'T', en: 'T' },
    intro: { 'zh-CN': 'Intro.', en: 'Intro.' },
    question: { 'zh-CN': 'Why?', en: 'Why?' },
  })
  expect(tasks[0]).toMatchObject({
    id: 'one',
    say: { en: 'Say.' },
    actions: [{ kind: 'run', text: 'kubectl get pod', exits: 0 }],
  })
})

const bomb = `[&a [x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b,*b], [*c,*c,*c,*c,*c,*c]]`

const edit = (from: string, to: string, file: keyof typeof good = 'lesson.yaml') => ({
  ...good,
  [file]: good[file].replace(from, to),
})

const mistakes: [string, Record<string, string>, object][] = [
  ['broken YAML', edit('creates: [', 'creates: ['.repeat(2)), { file: 'lesson.yaml', line: expect.any(Number) }],
  ['a missing field', edit('namespace: default\n', ''), { line: 1, field: 'namespace' }],
  [
    'an unknown field',
    edit('    of: pod/web', '    off: pod/web'),
    { line: 13, field: 'tasks.0.checks.0.off', wrong: 'unknownField' },
  ],
  [
    'a missing language',
    edit('{ zh-CN: 有, en: there }', '{ en: there }'),
    { line: 12, field: 'tasks.0.checks.0.text.zh-CN', wrong: 'missing' },
  ],
  ['an unknown object', edit('of: pod/web', 'of: gadget/web'), { line: 13, field: 'tasks.0.checks.0.of' }],
  ['an unknown condition', edit('for: exists', 'for: happy'), { line: 14, field: 'tasks.0.checks.0.for' }],
  ['replaced without since', edit('for: exists', 'for: replaced'), { line: 11, field: 'tasks.0.checks.0' }],
  [
    'since what is not there',
    edit('for: exists', 'for: replaced\n    since: gone'),
    { line: 15, field: 'tasks.0.checks.0.since' },
  ],
  ['exec without a command', edit('for: exists', 'exec: { command: [] }'), { line: 14, field: 'tasks.0.checks.0.exec.command' }],
  ['passes what is not there', edit('[there]', '[here]'), { line: 9, field: 'tasks.0.actions.0.passes' }],
  ['an id used twice', edit('- id: there', '- id: one'), { line: 11, field: 'tasks.0.checks.0.id' }],
  ['a file that is not there', edit('    passes', '    file: x.yaml\n    passes'), { line: 9, field: 'tasks.0.actions.0.file' }],
  [
    'aliases of aliases',
    edit('namespace: default', `namespace: default\nneeds: ${bomb}`),
    { file: 'lesson.yaml', wrong: 'yaml', words: expect.stringMatching(/alias/i) },
  ],
  [
    'a second command behind a line break',
    edit('run: kubectl get pod', 'run: "kubectl get pod\\nrm -rf x"'),
    { line: 8, field: 'tasks.0.actions.0.run' },
  ],
  ['a command that reads otherwise than it runs', edit('run: kubectl get pod', 'run: "kubectl get \\u202epod"'), { line: 8 }],
  ['a pattern that may never end', edit('of: pod/web\n    for: exists', 'ran: "^(a+)+$"'), { line: 13, wrong: 'repeatedRepeat' }],
  ['a pattern with a reference back', edit('of: pod/web\n    for: exists', 'ran: "(a)\\\\1"'), { line: 13 }],
  [
    'an unknown field',
    edit('cleanup:', 'afterwards: rm -rf x\ncleanup:'),
    { field: 'afterwards', line: 3, wrong: 'unknownField', words: 'afterwards' },
  ],
  [
    'far too many objects',
    edit('creates: [pod/web]', `creates: [${Array(61).fill('pod/web').join(', ')}]`),
    { field: 'creates', line: 2 },
  ],
  ['a broken pattern', edit('of: pod/web\n    for: exists', 'ran: "("'), { line: 13, field: 'tasks.0.checks.0.ran' }],
  ['neither run nor slide', edit('    run: kubectl get pod\n', ''), { line: 7, field: 'tasks.0.actions.0' }],
  ['no README', { ...good, 'README.en.md': undefined as unknown as string }, { file: 'README.en.md', line: 1 }],
  ['a README without title', edit('# T\n', '', 'README.md'), { file: 'README.md', line: 1 }],
  ['a README with too few sections', edit('## Why\n', '', 'README.md'), { file: 'README.md', line: 5 }],
  ['a README with another command', edit('get pod', 'get pods', 'README.en.md'), { file: 'README.en.md', line: 5, field: 'one' }],
  ['words where a figure belongs', edit('for: exists', 'http: { path: /, port: eighty }'), { wrong: 'type.number' }],
  ['a broken figure', edit('for: exists', 'http: { path: /, port: 80.5 }'), { wrong: 'type.int' }],
  ['a figure where words belong', edit('of: pod/web', 'of: 7'), { line: 13, wrong: 'type.string' }],
  ['perhaps', edit('for: exists', 'for: exists\n    once: perhaps'), { line: 15, wrong: 'type.boolean' }],
  ['one thing where many belong', edit('[pod/web]', 'pod/web'), { line: 2, field: 'creates', wrong: 'type.array' }],
  ['a word where two languages belong', edit('{ zh-CN: 有, en: there }', 'there'), { line: 12, wrong: 'type.object' }],
  ['a name with capitals', edit('namespace: default', 'namespace: Default'), { line: 1, wrong: 'name' }],
  ['a path that is none', edit('for: exists', 'http: { path: hello }'), { line: 14, wrong: 'path' }],
  ['a check of nothing', edit('    of: pod/web\n    for: exists\n', ''), { line: 11, wrong: 'needsOf' }],
  ['a check that asks nothing', edit('    for: exists\n', ''), { line: 11, wrong: 'needsFor' }],
  ['a README without introduction', edit('Intro.\n', '', 'README.md'), { file: 'README.md', wrong: 'noIntro' }],
]

const brokenBy = (texts: Record<string, string>): unknown => {
  try {
    return parseLesson('05-x', texts)
  } catch (error) {
    return error
  }
}

test.each(mistakes)('%s is named by file, line and field', (_, texts, details) => {
  const error = brokenBy(texts)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).code).toBe('lesson.broken')
  expect((error as AppError).details).toMatchObject({ lesson: '05-x', ...details })
})

const keysOf = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? [prefix + key] : keysOf(inner, `${prefix}${key}.`),
  )

/** Told of a folder before its texts are read (tests/services/lesson-files.test.ts), and what no rule of ours foresees. */
const elsewhere = ['nameTaken', 'tooMany', 'elsewhere', 'notPlain', 'tooLarge', 'notText', 'other']

test.each(['zh-CN', 'en'])('every mistake has its sentence, and every sentence its mistake: %s', language => {
  const { wrong } = JSON.parse(readFileSync(`resources/locales/${language}/lessons.json`, 'utf8')) as { wrong: object }
  const fired = mistakes.map(([, texts]) => (brokenBy(texts) as AppError).details?.wrong)
  expect([...new Set([...fired, ...elsewhere])].sort()).toEqual(keysOf(wrong).sort())
})
