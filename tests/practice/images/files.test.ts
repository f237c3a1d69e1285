import { describe, expect, it } from 'vitest'
import { createFileTree } from '../../../electron/practice/images/files.ts'

const code = (act: () => void) => {
  try {
    act()
    return 'nothing'
  } catch (error) {
    return (error as { code?: string }).code
  }
}
const tree = () => createFileTree(() => 1000)

describe('a file tree', () => {
  it('writes, appends, lists and removes', () => {
    const files = tree()
    files.makeDirectory('/a/b')
    files.write('/a/b/f', 'one')
    files.append('/a/b/f', ' two')
    files.append('/a/b/../b//f', ' three')
    expect(files.text('/a/b/f')).toBe('one two three')
    expect(files.list('/a').map(f => f.name)).toEqual(['b'])
    expect(code(() => files.remove('/a'))).toBe('ENOTEMPTY')
    files.remove('/a', { recursive: true })
    expect(files.exists('/a/b/f')).toBe(false)
  })

  it('answers what cannot be in the words of Linux', () => {
    const files = tree()
    files.write('/f', 'x')
    files.makeDirectory('/d')
    expect(code(() => files.read('/nope'))).toBe('ENOENT')
    expect(code(() => files.read('/d'))).toBe('EISDIR')
    expect(code(() => files.write('/d', ''))).toBe('EISDIR')
    expect(code(() => files.write('/f/x', ''))).toBe('ENOTDIR')
    expect(code(() => files.write('/no/x', ''))).toBe('ENOENT')
    expect(code(() => files.link('/f', '/d'))).toBe('EEXIST')
    expect(code(() => files.move('/d', '/d/x'))).toBe('EINVAL')
  })

  it('follows links, relative ones too, and stops at a loop', () => {
    const files = tree()
    files.makeDirectory('/real/deep')
    files.write('/real/f', 'x')
    files.link('/l', 'real')
    files.link('/real/deep/up', '../f')
    files.link('/loop', '/loop')
    expect(files.text('/l/f')).toBe('x')
    expect(files.text('/l/deep/up')).toBe('x')
    expect(files.lstat('/l').target).toBe('real')
    expect(code(() => files.read('/loop'))).toBe('ELOOP')
    files.write('/l/new', 'through')
    expect(files.text('/real/new')).toBe('through')
  })

  it('forks: neither tree sees what the other writes', () => {
    const base = tree()
    base.makeDirectory('/d')
    base.write('/d/f', 'base')
    const [one, two] = [base.fork(), base.fork()]
    one.append('/d/f', '+one')
    two.append('/d/f', '+two')
    one.append('/d/f', '!')
    two.remove('/d/f')
    one.chmod('/d', 0o700)
    expect(one.text('/d/f')).toBe('base+one!')
    expect(two.exists('/d/f')).toBe(false)
    expect(base.text('/d/f')).toBe('base')
    expect(base.stat('/d').mode).toBe(0o755)
    expect(two.stat('/d').mode).toBe(0o755)
  })
})

describe('mounts', () => {
  it('show a volume, both ways', () => {
    const volume = tree()
    volume.write('/f', 'old')
    const [one, two] = [tree(), tree()]
    one.mount('/data', volume, { readOnly: false })
    two.mount('/deep/data', volume, { readOnly: true })
    one.write('/data/f', 'new')
    expect(two.text('/deep/data/f')).toBe('new')
    expect(code(() => two.write('/deep/data/f', ''))).toBe('EROFS')
    expect(code(() => two.remove('/deep/data/f'))).toBe('EROFS')
    expect(code(() => one.remove('/data', { recursive: true }))).toBe('EBUSY')
  })

  it('of one file cover just that file, and stay as they were when the volume gets a new one', () => {
    const volume = tree()
    volume.write('/conf', 'v1')
    const files = tree()
    files.makeDirectory('/etc/x')
    files.write('/etc/x/other', 'kept')
    files.write('/etc/x/conf', 'covered')
    files.mount('/etc/x/conf', volume, { subPath: 'conf', readOnly: true })
    expect(files.text('/etc/x/conf')).toBe('v1')
    expect(files.list('/etc/x').map(f => f.name)).toEqual(['conf', 'other'])
    volume.remove('/conf')
    volume.write('/conf', 'v2')
    expect(files.text('/etc/x/conf')).toBe('v1')
    expect(code(() => files.write('/etc/x/conf', ''))).toBe('EROFS')
    expect(code(() => files.remove('/etc/x/conf'))).toBe('EBUSY')
  })

  it('make a folder for a subPath that is missing', () => {
    const volume = tree()
    const files = tree()
    files.mount('/data', volume, { subPath: 'sub', readOnly: false })
    files.write('/data/f', 'x')
    expect(volume.text('/sub/f')).toBe('x')
  })
})
