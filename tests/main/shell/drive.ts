// Runs the built desktop entry under plain Node with the stand-in for electron, plays a hostile Chromium, and prints what happened.

import { registerHooks } from 'node:module'
import { join, resolve } from 'node:path'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./fake-electron.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})

const fake = await import('./fake-electron.ts')
const { asked, app, ipcMain } = fake
await import(join(resolve(import.meta.dirname, '../../..'), 'out/electron/main.js'))
if (process.env.FAKE_SECOND_INSTANCE === '1') {
  console.log(JSON.stringify({ quits: asked.quits, windows: asked.windows.length }))
  process.exit(0)
}
fake.fireReady()

const until = async (condition: () => boolean) => {
  for (let n = 0; n < 400 && !condition(); n++) await new Promise(done => setTimeout(done, 10))
}
await until(() => asked.windows.length > 0)
const [window] = asked.windows
if (!window) throw new Error('no window')
const contents = window.webContents

// Answered at once, with an error: whatever is refused would have been heard within the wait of `say`.
const call = (id: number) => ({ type: 'call', id, method: 'app.nothing', body: {} })
const say = async (senderFrame: unknown, message: unknown, sender = contents) => {
  const before = sender.sent.length
  ipcMain.emit('khw', { sender, senderFrame }, message)
  await new Promise(done => setTimeout(done, 60))
  return sender.sent.length - before
}
const navigate = (event: string, url: string) => {
  let isPrevented = false
  contents.emit(event, {
    url,
    preventDefault: () => {
      isPrevented = true
    },
  })
  return isPrevented
}
const get = async (url: string, method = 'GET') => {
  const answer = await asked.handlers.get('app')?.(new Request(url, { method }))
  return {
    status: answer?.status,
    csp: answer?.headers.get('content-security-policy'),
    type: answer?.headers.get('content-type'),
  }
}
const permission = (name: string, url: string) => {
  let answer: boolean | undefined
  asked.permission?.({ getURL: () => url }, name, is => {
    answer = is
  })
  return answer
}

const page = 'app://ui/index.html'
const main = contents.mainFrame
const frames: Record<string, unknown> = {
  gone: null,
  'an inner frame of ours': { url: page },
}
const refusedFrames: Record<string, number> = {}
for (const [name, frame] of Object.entries(frames)) refusedFrames[name] = await say(frame, call(1))
const hostile = [
  'https://evil.test/',
  'file:///etc/passwd',
  'app://evil/index.html',
  'app://ui.evil.test/index.html',
  'app://ui:1/',
  'app://user@ui/',
  'data:text/html,x',
  'about:blank',
  '',
]
for (const url of hostile) {
  main.url = url
  refusedFrames[url] = await say(main, call(1))
}
main.url = page
const allowed = await say(main, call(2))
await say(main, { type: 'call', id: 4, method: 'app.info', body: {} })
const find = () => contents.sent.find(message => (message as { id: number }).id === 4)
await until(() => find() !== undefined)
const answer = find()
const afterGarbage = { garbage: await say(main, 'garbage'), again: await say(main, call(3)) }
await say(main, { type: 'open', id: 9, method: 'app.settings', body: {} })
const events = contents.sent.filter(message => (message as { id: number }).id === 9).length
contents.emit('did-navigate')
const reused = await say(main, { type: 'open', id: 9, method: 'app.settings', body: {} })

const opened = asked.windows.length
const evilOpen = contents.openHandler({ url: 'file:///etc/passwd' })
for (const url of ['https://kubernetes.io/docs/', 'javascript:alert(1)', 'app://evil/', 'smb://host/share'])
  contents.openHandler({ url })
const nearly = contents.openHandler({ url: 'app://ui/index.html#/presenterx' })
const windowsAfterEvil = asked.windows.length
const presenterOpen = contents.openHandler({ url: 'app://ui/index.html#/presenter' })
const presenter = asked.windows.at(-1)
contents.openHandler({ url: 'app://ui/index.html#/presenter' })
const press = (key: string) => contents.emit('before-input-event', { preventDefault: () => {} }, { type: 'keyDown', key })
press('F11')
const isFull = window.fullScreen
press('F11')
press('w')
let isAttachPrevented = false
contents.emit('will-attach-webview', {
  preventDefault: () => {
    isAttachPrevented = true
  },
})
app.emit('second-instance')
let isQuitHeld = false
app.emit('before-quit', {
  preventDefault: () => {
    isQuitHeld = true
  },
})
await until(() => asked.quits > 0)

console.log(
  JSON.stringify({
    schemes: asked.schemes,
    registeredBeforeReady: asked.registeredBeforeReady,
    options: window.options,
    presenterOptions: presenter?.options.webPreferences,
    refusedFrames,
    allowed,
    answer,
    afterGarbage,
    events,
    reused,
    navigation: {
      own: navigate('will-navigate', `${page}#/labs`),
      evil: navigate('will-navigate', 'https://evil.test/'),
      other: navigate('will-navigate', 'app://evil/index.html'),
      redirect: navigate('will-redirect', 'https://evil.test/'),
    },
    open: { evil: evilOpen, nearly, windowsAfterEvil, opened, presenter: presenterOpen, windows: asked.windows.length },
    links: asked.links,
    menu: asked.menu,
    fullScreen: [isFull, window.fullScreen],
    presenterFocused: presenter?.focused,
    presenterUrl: presenter?.webContents.getURL(),
    isAttachPrevented,
    pages: {
      index: await get(page),
      root: await get('app://ui/'),
      missing: await get('app://ui/nothing.js'),
      escape: await get('app://ui/%2e%2e/%2e%2e/package.json'),
      otherHost: await get('app://evil/index.html'),
      post: await get(page, 'POST'),
    },
    permissions: {
      clipboard: permission('clipboard-sanitized-write', page),
      clipboardEvil: permission('clipboard-sanitized-write', 'https://evil.test/'),
      camera: permission('media', page),
      notifications: permission('notifications', page),
      checkEvil: asked.permissionCheck?.({}, 'clipboard-read', 'https://evil.test'),
      checkOwn: asked.permissionCheck?.({}, 'clipboard-read', 'app://ui/'),
    },
    restored: window.restored,
    isQuitHeld,
    quits: asked.quits,
  }),
)
process.exit(0)
