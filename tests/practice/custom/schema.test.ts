import { describe, expect, test } from 'vitest'
import { decideNames } from '../../../electron/practice/controllers/custom-resource-definition.ts'
import { compareVersions } from '../../../electron/practice/custom/definition.ts'
import { jsonPath } from '../../../electron/practice/custom/json-path.ts'
import { fillDefaults, pruneUnknown, type Schema } from '../../../electron/practice/custom/schema.ts'
import { rulePaths, structureFaults } from '../../../electron/practice/custom/structure.ts'
import { schemaFaults } from '../../../electron/practice/custom/validate.ts'

const texts = (value: unknown, schema: Schema) => schemaFaults(value, schema).map(({ field, message }) => `${field}: ${message}`)
const spec = (field: Schema): Schema => ({ type: 'object', properties: { a: field } })

describe('validation says what a real API server says', () => {
  test.each<[string, unknown, Schema, string]>([
    ['type', '1', { type: 'integer' }, 'a: Invalid value: "string": a in body must be of type integer: "string"'],
    ['null', null, { type: 'string' }, 'a: Invalid value: "null": a in body must be of type string: "null"'],
    ['maximum', 11, { type: 'integer', maximum: 10 }, 'a: Invalid value: 11: a in body should be less than or equal to 10'],
    [
      'exclusive',
      3,
      { type: 'integer', minimum: 3, exclusiveMinimum: true },
      'a: Invalid value: 3: a in body should be greater than 3',
    ],
    ['multiple', 7, { type: 'integer', multipleOf: 2 }, 'a: Invalid value: 7: a in body should be a multiple of 2'],
    ['minLength', 'x', { type: 'string', minLength: 2 }, 'a: Invalid value: "x": a in body should be at least 2 chars long'],
    ['maxLength', 'xyz', { type: 'string', maxLength: 2 }, 'a: Too long: may not be more than 2 bytes'],
    ['pattern', 'B', { type: 'string', pattern: '^[a-z]$' }, `a: Invalid value: "B": a in body should match '^[a-z]$'`],
    ['enum', 'c', { type: 'string', enum: ['a', 'b'] }, 'a: Unsupported value: "c": supported values: "a", "b"'],
    ['format', 'x', { type: 'string', format: 'date' }, 'a: Invalid value: "x": a in body must be of type date: "x"'],
    ['minItems', [], { type: 'array', minItems: 1 }, 'a: Invalid value: []: a in body should have at least 1 items'],
    ['maxItems', [1, 2], { type: 'array', maxItems: 1 }, 'a: Too many: 2: must have at most 1 item'],
    ['set', ['x', 'x'], { type: 'array', 'x-kubernetes-list-type': 'set' }, 'a[1]: Duplicate value: "x"'],
    [
      'items',
      [1],
      { type: 'array', items: { type: 'string' } },
      'a[0]: Invalid value: "integer": a[0] in body must be of type string: "integer"',
    ],
    ['required', {}, { type: 'object', required: ['b'] }, 'a.b: Required value'],
    [
      'either',
      true,
      { 'x-kubernetes-int-or-string': true },
      'a: Invalid value: "boolean": a in body must be of type integer,string: "boolean"',
    ],
    ['not', 1, { type: 'integer', not: { enum: [1] } }, '<nil>: Invalid value: "": "a" must not validate the schema (not)'],
  ])('%s', (_, value, schema, text) => {
    expect(texts({ a: value }, spec(schema))).toEqual([text])
  })

  test('alternatives tell the first one and the whole', () => {
    const schema = spec({ type: 'object', oneOf: [{ required: ['x'] }, { required: ['y'] }] })
    expect(texts({ a: {} }, schema)).toEqual([
      'a.x: Required value',
      '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found none valid',
    ])
    expect(texts({ a: { x: 1, y: 1 } }, schema)).toEqual([
      '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ])
    expect(texts({ a: { x: 1 } }, schema)).toEqual([])
  })
})

test('what the schema does not know is pruned, unless it is preserved', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      list: { type: 'array', items: { type: 'object', properties: { known: { type: 'string' } } } },
      map: { type: 'object', additionalProperties: { type: 'object', properties: { known: { type: 'string' } } } },
      free: {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { strict: { type: 'object', properties: {} } },
      },
      embedded: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: {} },
    },
  }
  const object = {
    kind: 'Kept',
    list: [{ known: 'a', b: 1 }],
    map: { any: { known: 'a', c: 1 } },
    free: { d: 1, strict: { e: 1 } },
    embedded: { kind: 'Kept', f: 1 },
    g: 1,
  }
  expect(pruneUnknown(object, schema)).toEqual(['list[0].b', 'map.any.c', 'free.strict.e', 'embedded.f', 'g'])
  expect(object).toEqual({
    kind: 'Kept',
    list: [{ known: 'a' }],
    map: { any: { known: 'a' } },
    free: { d: 1, strict: {} },
    embedded: { kind: 'Kept' },
  })
})

test('defaults fill in, in what is there; a null that may not be goes first', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      a: { type: 'object', default: {}, properties: { b: { type: 'integer', default: 2 } } },
      list: { type: 'array', items: { type: 'object', properties: { c: { type: 'string', default: 'x' } } } },
      nothing: { type: 'string', default: 'y' },
      nullable: { type: 'string', nullable: true, default: 'z' },
    },
  }
  const object: Record<string, unknown> = { list: [{}, { c: 'own' }], nothing: null, nullable: null }
  fillDefaults(object, schema)
  expect(object).toEqual({ a: { b: 2 }, list: [{ c: 'x' }, { c: 'own' }], nothing: 'y', nullable: null })
  // A default is never shared between objects.
  const other: Record<string, unknown> = {}
  fillDefaults(other, schema)
  expect(other.a).not.toBe(object.a)
})

test('a schema must be structural', () => {
  const faults = (schema: Schema | undefined) => structureFaults(schema, 's').map(({ field, message }) => `${field}: ${message}`)
  expect(faults(undefined)).toEqual(['s: Required value: schemas are required'])
  expect(faults({ type: 'string' })).toEqual(['s.type: Invalid value: "string": must be object at the root'])
  expect(faults({ type: 'object', properties: { a: {} } })).toEqual([
    's.properties[a].type: Required value: must not be empty for specified object fields',
  ])
  expect(faults({ type: 'object', properties: { a: { type: 'array', items: {} } } })).toEqual([
    's.properties[a].items.type: Required value: must not be empty for specified array items',
  ])
  expect(
    rulePaths({ type: 'object', properties: { a: { type: 'string', 'x-kubernetes-validations': [{ rule: 'true' }] } } }, 's'),
  ).toEqual(['s.properties[a].x-kubernetes-validations'])
})

test('JSONPaths of columns', () => {
  const object = {
    spec: {
      n: 3,
      'a.b': 1,
      list: [
        { type: 'A', v: 1 },
        { type: 'B', v: 2 },
      ],
    },
    m: { 'x/y': 'z' },
  }
  const at = (path: string) => jsonPath(path)?.(object)
  expect(at('.spec.n')).toEqual([3])
  expect(at('.spec.nosuch.deep')).toEqual([])
  expect(at('.spec.a\\.b')).toEqual([1])
  expect(at('.spec.list[*].v')).toEqual([1, 2])
  expect(at('.spec.list[0].type')).toEqual(['A'])
  expect(at('.spec.list[-1].type')).toEqual(['B'])
  expect(at('.spec.list[?(@.type=="B")].v')).toEqual([2])
  expect(at('.spec.list[?(@.v>1)].type')).toEqual(['B'])
  expect(at(".m['x/y']")).toEqual(['z'])
  expect(at('.m.x\\/y')).toEqual(['z'])
  expect(jsonPath('.spec[')).toBeUndefined()
  expect(jsonPath('spec')).toBeUndefined()
})

test('versions come in the order of stability', () => {
  const order = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2', 'foo1', 'foo10']
  expect([...order].reverse().sort(compareVersions)).toEqual(order)
})

test('names that others have are not accepted', () => {
  const names = { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', shortNames: ['t'] }
  const free = { resources: new Set<string>(), kinds: new Set<string>() }
  expect(decideNames(names, undefined, free)).toMatchObject({ names, accepted: { status: 'True', reason: 'NoConflicts' } })
  const taken = { resources: new Set(['t']), kinds: new Set<string>() }
  const { names: given, accepted } = decideNames(names, undefined, taken)
  expect(accepted).toMatchObject({ status: 'False', reason: 'ShortNamesConflict', message: '"t" is already in use' })
  expect(given.shortNames).toBeUndefined()
  expect(given.kind).toBe('Thing')
})
