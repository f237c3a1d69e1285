import { expect, test } from 'vitest'
import { errorIds } from '../../electron/contract/errors.ts'

type Texts = { [key: string]: string | Texts }

const locales = import.meta.glob<Texts>('../../resources/locales/*/*.json', { eager: true, import: 'default' })
/** Words that the host or the command line says with a namespace before them: `setup:kubeconfig.${reason}.what`. */
const hosts = import.meta.glob<string>('../../electron/**/*.ts', { eager: true, query: '?raw', import: 'default' })
const sources = import.meta.glob<string>('../../renderer/**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' })

const languages = ['zh-CN', 'en'] as const
const textsOf = (language: string, namespace: string): Texts =>
  locales[`../../resources/locales/${language}/${namespace}.json`] ?? {}

const flat = (texts: Texts, prefix = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  )

/** Plural forms are one key to the code. */
const keysOf = (language: string, namespace: string): Set<string> =>
  new Set(flat(textsOf(language, namespace)).map(([key]) => key.replace(/_(one|other)$/, '')))

/** The first argument of each `t(...)`, as written. */
const asked = (source: string): string[] =>
  [...source.matchAll(/\bt\(/g)].map(({ index, 0: open }) => {
    let depth = 0
    let end = index + open.length
    while (end < source.length && !(depth === 0 && /[,)]/.test(source[end] as string))) {
      if (/[([{]/.test(source[end] as string)) depth += 1
      if (/[)\]}]/.test(source[end] as string)) depth -= 1
      end += 1
    }
    return source.slice(index + open.length, end)
  })

/** Files without a hook of their own are given `t` by the talk, where they are the talk's, and else by the shell. */
const namespaceOf = (file: string, source: string): string =>
  /useTranslation\(\[?'(\w+)'/.exec(source)?.[1] ?? (file.includes('/screens/talk/') ? 'talk' : 'shell')

interface Use {
  file: string
  namespace: string
  /** Whole keys, and the beginnings of those made with `${}`. */
  keys: string[]
  prefixes: string[]
}

const uses: Use[] = Object.entries(sources).map(([file, source]) => {
  const calls = asked(source)
  return {
    file,
    namespace: namespaceOf(file, source),
    keys: calls.flatMap(call =>
      [...call.replaceAll(/[!=]== '[^']*'/g, '').matchAll(/'([\w.:-]+)'/g)].map(match => match[1] as string),
    ),
    prefixes: calls.flatMap(call => [...call.matchAll(/`([\w.:-]*)\$\{/g)].map(match => match[1] as string)),
  }
})

test.each(languages)('every word that the renderer asks for is there, in %s', language => {
  const missing = uses.flatMap(({ file, namespace, keys }) =>
    keys
      .filter(key => /^[a-z]/.test(key))
      .map(key => (key.includes(':') ? (key.split(':') as [string, string]) : ([namespace, key] as const)))
      .filter(([space, key]) => Object.keys(textsOf(language, space)).length > 0 && !keysOf(language, space).has(key))
      .map(([space, key]) => `${file}: ${space}:${key}`),
  )
  expect(missing).toEqual([])
})

test.each(['shell', 'welcome', 'settings', 'setup', 'cluster'])('no word of %s is written for nobody', namespace => {
  const mine = uses.filter(use => use.namespace === namespace)
  const told = Object.values(hosts).flatMap(source =>
    [...source.matchAll(new RegExp(`['\`]${namespace}:([\\w.-]+)`, 'g'))].map(match => match[1] as string),
  )
  const isUsed = (key: string) =>
    told.some(prefix => key.startsWith(prefix)) ||
    mine.some(({ keys, prefixes }) => keys.includes(key) || prefixes.some(prefix => prefix !== '' && key.startsWith(prefix)))
  expect([...keysOf('en', namespace)].filter(key => !isUsed(key))).toEqual([])
})

test.each(languages)('every error says what, why and what next, in %s, and no other error is described', language => {
  const wanted = Object.keys(errorIds).flatMap(code => ['what', 'why', 'next'].map(part => `${code}.${part}`))
  expect([...keysOf(language, 'errors')].sort()).toEqual(wanted.sort())
})

test('both languages interpolate the same facts', () => {
  const facts = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]))].sort()
  const wrong = Object.keys(locales)
    .filter(path => path.includes('/en/'))
    .flatMap(path => {
      const namespace = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
      const english = new Map(flat(textsOf('en', namespace)))
      return flat(textsOf('zh-CN', namespace))
        .filter(([key, text]) => english.has(key) && facts(text).join() !== facts(english.get(key) as string).join())
        .map(([key]) => `${namespace}:${key}`)
    })
  expect(wrong).toEqual([])
})

test('Chinese and Latin words have a space between them', () => {
  const tight = /[\p{Script=Han}][A-Za-z0-9]|[A-Za-z0-9][\p{Script=Han}]/u
  const wrong = ['shell', 'welcome', 'settings', 'setup', 'cluster', 'errors'].flatMap(namespace =>
    flat(textsOf('zh-CN', namespace))
      .filter(([, text]) => tight.test(text))
      .map(([key, text]) => `${namespace}:${key} ${text}`),
  )
  expect(wrong).toEqual([])
})
