// The desktop shell without Electron: the built entry under plain Node, with a stand-in that plays Chromium.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readText } from '../../electron/platform/files.ts'
import { run } from '../../electron/platform/run.ts'

const root = resolve(import.meta.dirname, '../..')
const node = join(root, 'node_modules/.bin/node')
let home = ''
// What drive.ts prints; each test reads its own part.
let seen: Record<string, unknown> = {}

const drive = async (env: Record<string, string> = {}) => {
  const result = await run([node, join(root, 'tests/main/shell/drive.ts')], {
    env: {
      ...process.env,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      XDG_CONFIG_HOME: '',
      XDG_STATE_HOME: '',
      XDG_DATA_HOME: '',
      ...env,
    },
    timeout: 30_000,
  })
  if (result.code !== 0) throw new Error(result.stderr + result.stdout)
  return JSON.parse(result.stdout) as Record<string, unknown>
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'khw-shell-'))
  const built = await run([node, join(root, 'build/build.ts'), 'host'], { timeout: 120_000 })
  if (built.code !== 0) throw new Error(built.stderr)
  seen = await drive()
}, 180_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('the desktop shell', () => {
  it('registers its scheme before ready, standard and secure, without bypassing the CSP', () => {
    expect(seen.registeredBeforeReady).toBe(true)
    expect(seen.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ])
  })

  it('gives every window the same fences', () => {
    const fences = { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false }
    expect(seen.options).toMatchObject({ webPreferences: fences })
    expect(seen.presenterOptions).toMatchObject(fences)
    expect((seen.presenterOptions as { preload: string }).preload).toMatch(/out\/electron\/preload\.cjs$/)
  })

  it('answers no frame but the main frame of our page', () => {
    const refused = seen.refusedFrames as Record<string, number>
    expect(Object.keys(refused)).toHaveLength(11)
    expect(Object.entries(refused).filter(([, answers]) => answers !== 0)).toEqual([])
  })

  it('answers our page over the contract', () => {
    expect(seen.allowed).toBe(1)
    expect(seen.answer).toMatchObject({ type: 'result', id: 4, body: { version: '0.0.1', host: 'window' } })
  })

  it('drops a page that talks garbage, and serves it anew', () => {
    expect(seen.afterGarbage).toEqual({ garbage: 0, again: 1 })
  })

  it('begins anew after a reload', () => {
    expect(seen.events).toBe(1)
    expect(seen.reused).toBe(1)
  })

  it('stays on our page', () => {
    expect(seen.navigation).toEqual({ own: false, evil: true, other: true, redirect: true })
    expect(seen.isAttachPrevented).toBe(true)
  })

  it('opens no window but the presenter, and that one itself', () => {
    const deny = { action: 'deny' }
    expect(seen.open).toEqual({ evil: deny, nearly: deny, opened: 1, windowsAfterEvil: 1, presenter: deny, windows: 2 })
    expect(seen.presenterUrl).toBe('app://ui/index.html#/presenter')
    expect(seen.presenterFocused).toBe(1)
  })

  it('hands web links to the reader’s own browser, and nothing else to anybody', () => {
    expect(seen.links).toEqual(['https://kubernetes.io/docs/'])
  })

  it('leaves the terminal its keys, fills the screen at F11, and is dark from the first moment', () => {
    expect(seen.menu).toBeNull()
    expect(seen.fullScreen).toEqual([true, false])
    expect(seen.options).toMatchObject({ backgroundColor: '#0B0E14' })
  })

  it('serves the page with a strict policy, and nothing else', () => {
    const pages = seen.pages as Record<string, { status: number; csp: string }>
    expect(Object.fromEntries(Object.entries(pages).map(([name, { status }]) => [name, status]))).toMatchObject({
      missing: 404,
      escape: 404,
      otherHost: 403,
      post: 405,
    })
    for (const { csp } of Object.values(pages)) expect(csp).toContain("default-src 'none'")
    expect(pages.index?.status).toBe(pages.root?.status)
  })

  it('grants copy and full screen to our page only', () => {
    expect(seen.permissions).toEqual({
      clipboard: true,
      clipboardEvil: false,
      camera: false,
      notifications: false,
      checkEvil: false,
      checkOwn: true,
    })
  })

  it('brings the first window back for a second start, and lets go of everything before it quits', () => {
    expect(seen).toMatchObject({ restored: 1, isQuitHeld: true, quits: 1 })
  })

  it('leaves at once where it already runs', async () => {
    expect(await drive({ FAKE_SECOND_INSTANCE: '1' })).toEqual({ quits: 1, windows: 0 })
  })

  it('starts with a broken settings file, says so, and keeps it', async () => {
    mkdirSync(join(home, '.config/kubernetes-hello-world'), { recursive: true })
    writeFileSync(join(home, '.config/kubernetes-hello-world/settings.json'), '{"language":')
    const { answer } = (await drive()) as { answer: { body: { problems: { code: string; details: { kept: string } }[] } } }
    const [problem] = answer.body.problems
    expect(problem?.code).toBe('settings.broken')
    expect(await readText(problem?.details.kept ?? '')).toBe('{"language":')
  })
})

describe('the preload script', () => {
  const load = async () => {
    const exposed: Record<string, unknown> = {}
    const said: unknown[][] = []
    const heard: { channel: string; listener: (...words: unknown[]) => void }[] = []
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, value: unknown) => Object.assign(exposed, { [name]: value }) },
      ipcRenderer: {
        send: (...words: unknown[]) => said.push(words),
        on: (channel: string, listener: () => void) => heard.push({ channel, listener }),
        off: (_: string, listener: () => void) =>
          heard.splice(
            heard.findIndex(entry => entry.listener === listener),
            1,
          ),
      },
    }
    const required: string[] = []
    const require = (name: string) => {
      required.push(name)
      if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`)
      return electron
    }
    const code = (await readText(join(root, 'out/electron/preload.cjs'))) ?? ''
    runInNewContext(code, { require, exports: {}, module: { exports: {} } })
    return { exposed, said, heard, required }
  }

  it('needs electron alone, and gives the page send and receive alone', async () => {
    const { exposed, required } = await load()
    expect(new Set(required)).toEqual(new Set(['electron']))
    expect(Object.keys(exposed)).toEqual(['khw'])
    expect(Object.keys(exposed.khw as object).sort()).toEqual(['receive', 'send'])
  })

  it('knows one channel, and passes on messages but no event', async () => {
    const { exposed, said, heard } = await load()
    const khw = exposed.khw as { send(message: unknown): void; receive(listener: (...words: unknown[]) => void): () => void }
    khw.send({ id: 1 })
    expect(said).toEqual([['khw', { id: 1 }]])
    const got: unknown[][] = []
    const stop = khw.receive((...words) => got.push(words))
    expect(heard.map(entry => entry.channel)).toEqual(['khw'])
    heard[0]?.listener({ sender: 'powerful' }, { id: 2 })
    expect(got).toEqual([[{ id: 2 }]])
    stop()
    expect(heard).toEqual([])
  })
})
