// The desktop entry: one instance, one page under app://, windows that can do nothing but show it.

import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, Menu, nativeTheme, protocol, session, shell, utilityProcess } from 'electron'
import { contract } from '../contract/index.ts'
import { cacheControl, securityHeaders } from '../hosts/headers.ts'
import { isOurPage, pageHost, pageScheme, startWindowHost } from '../hosts/window.ts'
import { openAssets, type ReadAsset } from '../platform/assets.ts'
import { realClock } from '../platform/clock.ts'
import type { Fork } from '../platform/launch.ts'
import { loadLocales } from '../platform/locales.ts'
import { createLog } from '../platform/log.ts'
import { findAppFolders, openUserFolders } from '../platform/paths.ts'
import { serve } from '../rpc/serve.ts'
import { createServices } from '../services/index.ts'
import { createStartClicker } from './clicker.ts'

const page = `${pageScheme}://${pageHost}/index.html`

/** The only second window that the page may open, by its address. */
const presenter = `${page}#/presenter`

// Must come before `ready`. Standard and secure: relative addresses, storage and fetch work as on https.
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

/** Runs where Electron's binary is not allowed to be plain Node. Its child dies with us, so it needs no stdin. */
const fork: Fork = (file, args) => {
  const child = utilityProcess.fork(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('utilityProcess gave no streams')
  return {
    stdout,
    stderr,
    onExit: listener => {
      child.once('exit', listener)
    },
    kill: () => {
      child.kill()
    },
  }
}

const servePage =
  (readAsset: ReadAsset) =>
  async (request: Request): Promise<Response> => {
    const headers = securityHeaders(["'self'"])
    const refuse = (status: number) => new Response('', { status, headers })
    if (!isOurPage(request.url)) return refuse(403)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const asset = await readAsset(new URL(request.url).pathname.slice(1) || 'index.html')
    if (!asset) return refuse(404)
    return new Response(asset.bytes, {
      headers: { ...headers, 'Content-Type': asset.type, 'Cache-Control': cacheControl(asset.isHashed) },
    })
  }

const openWindow = (preload: string, url = page): BrowserWindow => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    // The canvas of styles/tokens.css, so that nothing flashes before the page is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0B0E14' : '#F3F5F9',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  window.webContents.on('before-input-event', (event, { type, key }) => {
    if (type !== 'keyDown' || key !== 'F11') return
    event.preventDefault()
    window.setFullScreen(!window.isFullScreen())
  })
  void window.loadURL(url)
  return window
}

/** One presenter window; asked for again, it comes to the front. */
const showPresenter = (preload: string) => {
  const open = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === presenter)
  if (open) open.focus()
  else openWindow(preload, presenter)
}

/** What a link in a slide or a lesson may lead to: the reader's own browser or mail program, at a click. */
const isLink = (url: string): boolean => URL.canParse(url) && ['https:', 'http:', 'mailto:'].includes(new URL(url).protocol)

/** No page leaves ours, embeds another, or opens a window other than the presenter's, which we open ourselves. */
const fence = (preload: string) => {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-navigate', event => {
      if (!isOurPage(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', event => {
      if (!isOurPage(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (url === presenter) showPresenter(preload)
      else if (isLink(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
  // Copy and full screen are what a terminal and a talk need; anything else is refused.
  const allowed = new Set(['clipboard-sanitized-write', 'clipboard-read', 'fullscreen'])
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(allowed.has(permission) && isOurPage(contents.getURL())),
  )
  session.defaultSession.setPermissionCheckHandler((_, permission, origin) => allowed.has(permission) && isOurPage(origin))
}

const start = async () => {
  // Electron's own menu takes Ctrl+W, Ctrl+R and Ctrl+M, which belong to the shell in the terminal.
  Menu.setApplicationMenu(null)
  await app.whenReady()
  const folders = findAppFolders()
  const user = openUserFolders()
  const log = createLog({ path: join(user.state, 'khw.log'), clock: realClock })
  process.on('uncaughtException', error => log.error('uncaught', error))
  const locales = await loadLocales(join(folders.resources, 'locales'))
  const joined = await createServices({
    host: 'window',
    version: app.getVersion(),
    user,
    app: folders,
    locales,
    clock: realClock,
    log,
    fork,
    startClicker: createStartClicker({ clock: realClock, log }),
  })
  protocol.handle(pageScheme, servePage(openAssets(folders.renderer)))
  startWindowHost({
    ipcMain,
    serve: transport =>
      serve(contract, joined.services, transport, { report: (error, method) => log.error(`in ${method}`, error) }),
    onRefused: words => log.warn(`refused ${words}`),
  })
  const preload = join(import.meta.dirname, 'preload.cjs')
  fence(preload)
  openWindow(preload)

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  let isClosed = false
  app.on('before-quit', event => {
    if (isClosed) return
    event.preventDefault()
    void joined.close().finally(() => {
      isClosed = true
      app.quit()
    })
  })
}

// Not awaited: Electron is not `ready` before this module has ended.
if (app.requestSingleInstanceLock())
  start().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    app.exit(1)
  })
else app.quit()
