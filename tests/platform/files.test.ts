import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { openAssets } from '../../electron/platform/assets.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { listFolder, readText, remove, writeWhole } from '../../electron/platform/files.ts'
import { openJsonFile } from '../../electron/platform/json-file.ts'
import { createLog } from '../../electron/platform/log.ts'
import { findAppFolders, openUserFolders } from '../../electron/platform/paths.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A path that nobody can write to, not even root: below a file. */
const unwritable = () => {
  writeFileSync(join(folder, 'file'), '')
  return join(folder, 'file/below')
}

describe('files', () => {
  it('writes whole and private, and leaves nothing beside', async () => {
    const path = join(folder, 'deep/er/secret')
    await writeWhole(path, '一')
    await writeWhole(path, '二')
    expect(await readText(path)).toBe('二')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(folder, 'deep/er'))).toEqual(['secret'])
  })

  it('shows readers the old text or the new, never a part', async () => {
    const path = join(folder, 'big')
    const texts = ['a', 'b'].map(letter => letter.repeat(500_000))
    await writeWhole(path, texts[0] ?? '')
    let isDone = false
    const writing = (async () => {
      for (let n = 0; n < 20; n++) await writeWhole(path, texts[n % 2] ?? '')
      isDone = true
    })()
    let reads = 0
    while (!isDone) {
      expect(texts).toContain(await readText(path))
      reads += 1
    }
    await writing
    expect(reads).toBeGreaterThan(5)
  })

  it('keeps the old file and says why when it cannot write', async () => {
    await expect(writeWhole(join(unwritable(), 'x'), 'x')).rejects.toMatchObject({
      code: 'storage.unwritable',
      details: { path: join(folder, 'file/below'), reason: 'ENOTDIR: not a directory' },
    })
    mkdirSync(join(folder, 'taken'))
    await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'storage.unwritable' })
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken'])
  })

  it('takes what is not there as nothing', async () => {
    expect(await readText(join(folder, 'none'))).toBeUndefined()
    expect(await listFolder(join(folder, 'none'))).toEqual([])
    await remove(join(folder, 'none'))
    await expect(readText(folder)).rejects.toThrow('EISDIR')
  })
})

describe('a JSON file', () => {
  const schema = z.object({ n: z.number() })
  const open = (path = join(folder, 'value.json')) =>
    openJsonFile({ path, schema, initial: { n: 0 }, broken: 'settings.broken', clock: realClock })

  it('begins with the initial value and keeps what is set', async () => {
    const file = await open()
    expect([file.value, file.problem]).toEqual([{ n: 0 }, undefined])
    await Promise.all([1, 2, 3].map(n => file.set({ n })))
    expect((await open()).value).toEqual({ n: 3 })
  })

  it.each(['{', '', '{"n":"one"}', 'null'])('sets aside %j and loses nothing', async text => {
    writeFileSync(join(folder, 'value.json'), text)
    const file = await open()
    expect(file.value).toEqual({ n: 0 })
    expect(file.problem?.code).toBe('settings.broken')
    expect(readFileSync(String(file.problem?.details.kept), 'utf8')).toBe(text)
    await file.set({ n: 5 })
    expect((await open()).value).toEqual({ n: 5 })
  })

  it('holds a value that it cannot keep, and says so', async () => {
    const file = await open(join(unwritable(), 'value.json'))
    await expect(file.set({ n: 7 })).rejects.toMatchObject({ code: 'storage.unwritable' })
    expect(file.value).toEqual({ n: 7 })
  })
})

describe('folders', () => {
  it('follow XDG variables that are absolute, else the home folder, and are private', () => {
    const env = { HOME: folder, XDG_STATE_HOME: join(folder, 'st'), XDG_DATA_HOME: 'relative', XDG_RUNTIME_DIR: folder }
    const folders = openUserFolders(env)
    const name = 'kubernetes-hello-world'
    expect(folders).toEqual({
      config: join(folder, '.config', name),
      data: join(folder, '.local/share', name),
      state: join(folder, 'st', name),
      runtime: join(folder, name),
      problems: [],
    })
    for (const path of [folders.config, folders.runtime]) expect(statSync(path).mode & 0o777).toBe(0o700)
  })

  it('are temporary, with a clear error each, where the home folder cannot be written', () => {
    const { problems, config, data, state } = openUserFolders({ HOME: unwritable(), XDG_RUNTIME_DIR: folder })
    expect(problems.map(({ code }) => code)).toEqual(Array(3).fill('storage.unwritable'))
    expect(problems[0]?.details).toMatchObject({ path: join(folder, 'file/below/.config/kubernetes-hello-world') })
    for (const path of [config, data, state]) expect(existsSync(path)).toBe(true)
    expect(config.startsWith(tmpdir())).toBe(true)
    rmSync(join(config, '..'), { recursive: true })
  })

  it('of the application are found from source, and in a package from inside of its archive and from beside it', () => {
    const root = join(import.meta.dirname, '../..')
    expect(findAppFolders()).toMatchObject({ root, renderer: join(root, 'out/renderer'), node: process.execPath })
    for (const name of ['app.asar', 'app.asar.unpacked']) {
      const code = join(folder, name)
      mkdirSync(join(code, 'out/electron/parts'), { recursive: true })
      writeFileSync(join(code, 'package.json'), '{}')
      expect(findAppFolders(join(code, 'out/electron/parts')), name).toEqual({
        root: code,
        resources: join(folder, 'resources'),
        manifests: join(folder, 'manifests'),
        snaps: join(folder, 'snaps'),
        renderer: join(folder, 'app.asar.unpacked/out/renderer'),
        entries: join(folder, 'app.asar.unpacked/out/electron'),
        node: join(folder, 'node'),
      })
    }
  })
})

describe('the log', () => {
  it('writes levels, stacks and causes, and turns over', () => {
    const path = join(folder, 'logs/khw.log')
    const log = createLog({ path, clock: realClock, maxSize: 2000 })
    log.debug('not this')
    log.error('broke', new Error('outer', { cause: new Error('inner') }))
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(/^\d{4}-.*Z error broke Error: outer\n {2}.*at /)
    expect(text).toContain('because: Error: inner')
    expect(text).not.toContain('not this')
    for (let n = 0; n < 100; n++) log.info(`line ${n}`)
    expect(readFileSync(path, 'utf8')).toContain('line 99')
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['khw.log', 'khw.log.1'])
    expect(statSync(path).size).toBeLessThanOrEqual(2000)
  })

  it('says once that it cannot write', () => {
    let told = 0
    const onUnwritable = () => {
      told += 1
    }
    const log = createLog({ path: join(unwritable(), 'khw.log'), clock: realClock, onUnwritable })
    log.info('one')
    log.info('two')
    expect(told).toBe(1)
  })
})

describe('assets', () => {
  it('are found by their path alone, also after a rebuild', async () => {
    writeFileSync(join(folder, 'index.html'), 'one')
    writeFileSync(join(folder, 'notes.txt'), 'no page file')
    const read = openAssets(folder)
    expect((await read('index.html'))?.type).toBe('text/html; charset=utf-8')
    expect(await read('notes.txt')).toBeUndefined()
    expect(await read('../index.html')).toBeUndefined()
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'assets/a.js'), 'js')
    expect(await read('assets/a.js')).toBeUndefined()
    await read('index.html')
    expect((await read('assets/a.js'))?.isHashed).toBe(true)
    chmodSync(join(folder, 'assets'), 0o755)
  })
})
