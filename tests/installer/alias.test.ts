// The alias in ~/.bashrc: whatever the file is, adding and taking out give back every byte, or nothing is touched.

import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addAlias, aliasLine, aliasPath, hasAlias, isOurAlias, removeAlias } from '../../electron/installer/alias.ts'
import { run } from '../../electron/platform/run.ts'

let home: string
let path: string
beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'khw alias ')), "it's a home")
  mkdirSync(home)
  path = aliasPath(home)
})
afterEach(() => rmSync(join(home, '..'), { recursive: true, force: true }))

const bytes = () => readFileSync(path)

describe('added and taken out again', () => {
  const files: Record<string, Buffer> = {
    'of Ubuntu': Buffer.from('# ~/.bashrc\ncase $- in *i*) ;; *) return;; esac\n'),
    'without a last line end': Buffer.from('export A=1'),
    'of many empty lines': Buffer.from('\n\n\n'),
    'of Windows': Buffer.from('export A=1\r\nalias ll="ls -l"\r\n'),
    'of another encoding': Buffer.from([0x23, 0x20, 0xb0, 0xd7, 0xff, 0xfe, 0x00, 0x0a]),
    'that is empty': Buffer.alloc(0),
  }
  for (const [what, before] of Object.entries(files))
    it(`a file ${what} is the same to the byte`, async () => {
      writeFileSync(path, before, { mode: 0o640 })
      await addAlias(path)
      expect(isOurAlias(bytes().toString('latin1'))).toBe(true)
      const added = bytes()
      await addAlias(path)
      expect(bytes()).toEqual(added)
      await removeAlias(path, false)
      expect(bytes()).toEqual(before)
      expect(statSync(path).mode & 0o777).toBe(0o640)
      await removeAlias(path, false)
      expect(bytes()).toEqual(before)
      expect(readdirSync(home)).toEqual(['.bashrc'])
    })

  it('no file is no file again, and stays where somebody has written into it since', async () => {
    await addAlias(path)
    await removeAlias(path, true)
    expect(existsSync(path)).toBe(false)
    await removeAlias(path, true)
    await addAlias(path)
    writeFileSync(path, `${readFileSync(path, 'utf8')}export MINE=1\n`)
    await removeAlias(path, true)
    expect(readFileSync(path, 'utf8')).toBe('export MINE=1\n')
  })

  it('what came before and after it stays', async () => {
    writeFileSync(path, 'before\n')
    await addAlias(path)
    writeFileSync(path, `first\n${readFileSync(path, 'utf8')}last`)
    await removeAlias(path, false)
    expect(readFileSync(path, 'utf8')).toBe('first\nbefore\nlast')
  })

  it('a line of ours that somebody has made his own is his', async () => {
    await addAlias(path)
    const changed = readFileSync(path, 'utf8').replace(aliasLine, `${aliasLine} # mine`)
    writeFileSync(path, changed)
    await removeAlias(path, true)
    expect(readFileSync(path, 'utf8')).toBe(changed)
  })

  it('a link leads to where it led, and a file that is read-only stays so', async () => {
    const real = join(home, 'dotfiles')
    writeFileSync(real, 'x\n', { mode: 0o444 })
    symlinkSync('dotfiles', path)
    await addAlias(path)
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(statSync(real).mode & 0o777).toBe(0o444)
    expect(readFileSync(real, 'utf8')).toContain(aliasLine)
    await removeAlias(path, false)
    expect(readFileSync(real, 'utf8')).toBe('x\n')
  })

  it('twenty at once add it once', async () => {
    writeFileSync(path, 'x\n')
    await Promise.allSettled(Array.from({ length: 20 }, () => addAlias(path)))
    expect(readFileSync(path, 'utf8').split(aliasLine)).toHaveLength(2)
    expect(readdirSync(home)).toEqual(['.bashrc'])
  })
})

describe('left alone', () => {
  const odd: Record<string, () => void> = {
    'link-dangling': () => symlinkSync('nowhere', path),
    'link-loop': () => symlinkSync('.bashrc', path),
    'not-a-file': () => mkdirSync(path),
    'hard-linked': () => {
      writeFileSync(join(home, 'other'), 'x\n')
      linkSync(join(home, 'other'), path)
    },
  }
  for (const [reason, make] of Object.entries(odd))
    it(reason, async () => {
      make()
      await expect(addAlias(path)).rejects.toMatchObject({ code: 'setup.shellFile', details: { path, reason } })
    })

  const isRoot = process.getuid?.() === 0
  it.skipIf(isRoot)(`a folder that cannot be written${isRoot ? ' (skipped: root writes everywhere)' : ''}`, async () => {
    chmodSync(home, 0o555)
    await expect(addAlias(path)).rejects.toMatchObject({ code: 'storage.unwritable' })
  })
})

it("knows somebody's own alias in whatever way it is written", () => {
  expect(hasAlias('alias kubectl=microk8s.kubectl\n')).toBe(true)
  expect(hasAlias('if x; then\n\talias  kubectl="k"\nfi\n')).toBe(true)
  expect(hasAlias('# alias kubectl=k\nalias kubectlx=k\necho alias kubectl=k\n')).toBe(false)
})

it('bash takes it: kubectl means the one of MicroK8s', async () => {
  writeFileSync(path, 'PS1=x')
  await addAlias(path)
  const { stdout } = await run(['bash', '--rcfile', path, '-i', '-c', 'alias kubectl'], {
    env: { HOME: home, PATH: '/usr/bin:/bin' },
  })
  expect(stdout.trim()).toBe(`${aliasLine.replace('=', "='")}'`)
})
