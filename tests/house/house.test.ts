import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf, importTable, roomOf, root, sources } from './rooms.ts'

const files = sources()
const table = importTable()

const isAllowed = (room: string, target: string): boolean => {
  const targetRoom = roomOf(target)
  return targetRoom === room || (table.get(room) ?? []).some(entry => entry === targetRoom || `electron/${entry}` === target)
}

test('the import scanner sees every form of import', () => {
  const text = `import a, { b } from './a.ts'\nimport type {\n  C,\n} from '../rpc/c.ts'\nexport * from './d.ts'\nimport 'node:fs'\nconst e = await import('./e.ts')\n`
  expect(importsOf('electron/main/x.ts', text)).toEqual([
    'electron/main/a.ts',
    'electron/rpc/c.ts',
    'electron/main/d.ts',
    'fs',
    'electron/main/e.ts',
  ])
})

test('every room on disk stands in the table of ARCHITECTURE.md, and every row on disk', () => {
  const rooms = new Set(files.map(file => file.room).filter(room => table.has(room) || !/\.tsx?$/.test(room)))
  expect([...rooms].filter(room => !table.has(room))).toEqual([])
  expect(table.size).toBeGreaterThan(12)
})

test('rooms import only what the table allows', () => {
  const wrong = files.flatMap(file =>
    table.has(file.room)
      ? file.imports
          .filter(target => /^(electron|renderer)\//.test(target) && /\.tsx?$/.test(target) && !isAllowed(file.room, target))
          .map(target => `${file.path} -> ${target}`)
      : [],
  )
  expect(wrong).toEqual([])
})

/** The first circle that a walk along the imports meets, file by file. */
const circleIn = (imports: ReadonlyMap<string, readonly string[]>): string[] => {
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return []
    done.add(path)
    for (const target of imports.get(path) ?? []) {
      const found = walk(target, [...trail, path])
      if (found.length > 0) return found
    }
    return []
  }
  for (const path of imports.keys()) {
    const found = walk(path, [])
    if (found.length > 0) return found
  }
  return []
}

test('imports run in no circle, but for the shell: its commands run it again', () => {
  const straight = files.filter(({ path }) => !path.startsWith('electron/practice/images/shell/'))
  expect(circleIn(new Map(straight.map(({ path, imports }) => [path, imports])))).toEqual([])
  const round = [['a', 'b'] as const, ['b', 'c'] as const, ['c', 'b'] as const].map(([from, to]) => [from, [to]] as const)
  expect(circleIn(new Map(round))).toEqual(['b', 'c', 'b'])
})

const bans: { what: RegExp; allowed: (path: string) => boolean }[] = [
  {
    what: /^(child_process|node-pty|fs|fs\/promises)$/,
    allowed: path => path.startsWith('electron/platform/') || path === 'electron/practice/main.ts',
  },
  { what: /^electron$/, allowed: path => path === 'electron/hosts/window.ts' || /^electron\/(main|preload)\//.test(path) },
]

test('the machine and electron are touched only where they may be', () => {
  const wrong = files.flatMap(file =>
    bans.flatMap(ban =>
      ban.allowed(file.path) ? [] : file.imports.filter(name => ban.what.test(name)).map(name => `${file.path} -> ${name}`),
    ),
  )
  expect(wrong).toEqual([])
})

test('practice and lessons know no time but the Clock', () => {
  const raw = /(?<![.\w])(setTimeout|setInterval|setImmediate)\s*\((?!\)?: )|\bDate\.now\s*\(|new Date\(\)/
  const wrong = files
    .filter(file => ['practice', 'lessons'].includes(file.room))
    .flatMap(file =>
      file.text
        .split('\n')
        .flatMap((line, index) =>
          raw.test(line) && !line.trim().startsWith('//') ? [`${file.path}:${index + 1} ${line.trim()}`] : [],
        ),
    )
  expect(wrong).toEqual([])
})

test('no file is over 400 lines', () => {
  expect(files.filter(file => file.text.split('\n').length > 401).map(file => file.path)).toEqual([])
})

test('the type checker and the linter are silenced nowhere, and any stays in rpc', () => {
  const silenced = /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/
  const loose = /\bas any\b|: any\b|<any>/
  const wrong = files.flatMap(file =>
    file.text
      .split('\n')
      .flatMap((line, index) =>
        silenced.test(line) ||
        (loose.test(line.replace(/\/\/.*|\/\*.*|^\s*\*.*/, '')) && !['rpc', 'contract'].includes(file.room))
          ? [`${file.path}:${index + 1} ${line.trim()}`]
          : [],
      ),
  )
  expect(wrong).toEqual([])
})

const keysOf = (value: unknown, prefix = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, prefix ? `${prefix}.${key}` : key))
    : [prefix]

test('both languages hold the same keys, and none is empty', () => {
  const folder = (language: string) => join(root, 'resources/locales', language)
  const names = readdirSync(folder('zh-CN')).sort()
  expect(readdirSync(folder('en')).sort()).toEqual(names)
  const read = (language: string, name: string) => JSON.parse(readFileSync(join(folder(language), name), 'utf8'))
  // Plural forms differ between languages: Chinese has one, English two.
  const plain = (keys: string[]) => [...new Set(keys.map(key => key.replace(/_(one|other)$/, '')))].sort()
  for (const name of names) expect(plain(keysOf(read('en', name))), name).toEqual(plain(keysOf(read('zh-CN', name))))
})

test('the top level is the design card', () => {
  for (const name of [
    'package.json',
    'tsconfig.json',
    'electron',
    'renderer',
    'resources',
    'manifests',
    'snaps',
    'build',
    'tests',
  ])
    expect(existsSync(join(root, name)), name).toBe(true)
})
