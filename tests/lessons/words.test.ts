import { expect, test } from 'vitest'
import { parseCondition } from '../../electron/lessons/condition.ts'
import { jsonpath, parsePath } from '../../electron/lessons/jsonpath.ts'
import { readProse } from '../../electron/lessons/prose.ts'
import { parseRef, refText } from '../../electron/lessons/refs.ts'

const value = {
  status: { podIP: '10.42.0.2', conditions: [{ type: 'Ready', status: 'True' }], empty: null },
  data: { 'default.conf': 'server {}' },
  items: [{ n: 1 }, { n: 2 }],
}

test.each([
  ['{.status.podIP}', '10.42.0.2'],
  ['.status.podIP', '10.42.0.2'],
  ['{.status.conditions[?(@.type=="Ready")].status}', 'True'],
  ["{.data['default.conf']}", 'server {}'],
  ['{.data.default\\.conf}', 'server {}'],
  ['{.items[*].n}', '1 2'],
  ['{.items[-1].n}', '2'],
  ['{.items[7].n}', ''],
  ['{.status.empty}', ''],
  ['{.status.toString}', ''],
  ['{.items[0]}', '{"n":1}'],
])('jsonpath %s', (path, text) => expect(jsonpath(value, path)).toBe(text))

test.each(['{..n}', '{.a[}', '{}', '', '{.a}{.b}'])('jsonpath refuses %s', path => expect(parsePath(path)).toBeUndefined())

test.each([
  ['exists', { type: 'exists' }],
  ['count=10', { type: 'count', count: 10, atLeast: false }],
  ['count>=2', { type: 'count', count: 2, atLeast: true }],
  ['condition=Ready', { type: 'condition', name: 'Ready', value: 'True' }],
  ['condition=Ready=False', { type: 'condition', name: 'Ready', value: 'False' }],
  ['jsonpath={.a.b}=x=y', { type: 'jsonpath', path: '{.a.b}', value: 'x=y' }],
  ['jsonpath={.a}', { type: 'jsonpath', path: '{.a}' }],
  ['condition=', undefined],
  ['count=many', undefined],
  ['jsonpath=.a=1', undefined],
  ['ready', undefined],
])('condition %s', (words, condition) => expect(parseCondition(words)).toEqual(condition))

test.each([
  ['pod/web', 'pod/web'],
  ['po/web', 'pod/web'],
  ['pods -l app=web,tier=x', 'pod -l app=web,tier=x'],
  ['deploy/web', 'deployment/web'],
  ['configmaps -l a=b', 'configmap -l a=b'],
  ['ingresses -l a=b', 'ingress -l a=b'],
  ['hpa/web', 'horizontalpodautoscaler/web'],
  ['cj/clock', 'cronjob/clock'],
  ['deploy/web -n lab-blue', 'deployment/web -n lab-blue'],
  ['pod -l app=web -n lab-blue', 'pod -l app=web -n lab-blue'],
])('ref %s', (words, text) => expect(refText(parseRef(words)!)).toBe(text))

test.each(['pod', 'pod/', 'gadget/x', 'pod -l app', 'pod/x -n', 'pod/x -n A', 'pod/A_B', '-l a=b'])('ref refuses %s', words =>
  expect(parseRef(words)).toBeUndefined(),
)

test('prose is cut into title, intro and sections; commands leave no gap', () => {
  const prose = readProse(
    '# Title\n\nOne.\n\nTwo.\n\n## First\n\nSay.\n\n```sh\nls\n\npwd\n```\n\nMore.\n\n```yaml\na: 1\n```\n\n## Last\n\nWhy?\n',
  )
  expect(prose).toEqual({
    title: 'Title',
    about: 'One.',
    intro: 'One.\n\nTwo.',
    sections: [
      { title: 'First', say: 'Say.\n\nMore.\n\n```yaml\na: 1\n```', commands: ['ls', 'pwd'], line: 7 },
      { title: 'Last', say: 'Why?', commands: [], line: 23 },
    ],
  })
})
