import { describe, expect, test } from 'vitest'
import { inkOf, manifestLines, replicasLine } from '../../renderer/screens/labs/manifest.ts'

const one = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: openresty\nspec:\n  replicas: 1\n'
const ten = one.replace('replicas: 1', 'replicas: 10')

describe('manifest lines', () => {
  test('without a version before, nothing is lit', () => {
    expect(manifestLines(one, undefined).some(line => line.isNew)).toBe(false)
  })

  test('a changed value is lit and tells what it was', () => {
    expect(manifestLines(ten, one).filter(line => line.isNew)).toEqual([
      { number: 6, text: '  replicas: 10', isNew: true, was: '1' },
    ])
  })

  test('an added line is lit without a past; the numbers stay those of the file', () => {
    const lines = manifestLines(`${ten}  paused: true\n`, ten)
    expect(lines.filter(line => line.isNew)).toEqual([{ number: 7, text: '  paused: true', isNew: true }])
    expect(lines.map(line => line.number)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('the same file twice has nothing new', () => {
    expect(manifestLines(ten, ten).some(line => line.isNew)).toBe(false)
  })
})

test('keys are inked apart from values, also in lists; what is no field stays whole', () => {
  expect(inkOf('  - name: http')).toEqual({ lead: '  - ', key: 'name', rest: ': http' })
  expect(inkOf('    image: openresty/openresty:alpine')).toEqual({
    lead: '    ',
    key: 'image',
    rest: ': openresty/openresty:alpine',
  })
  expect(inkOf('        location = /hello-world {').key).toBe('')
})

test('a replicas line knows whose it is', () => {
  expect(replicasLine(manifestLines(ten, undefined))).toEqual({ number: 6, name: 'openresty', replicas: 10 })
  expect(replicasLine(manifestLines('kind: Pod\n', undefined))).toBeUndefined()
})
