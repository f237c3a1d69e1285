// A small stand-in for the electron module, with the same named exports: it records what the shell asks for and lets a test play Chromium.

import { EventEmitter } from 'node:events'

export const asked = {
  schemes: [] as unknown[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  windows: [] as BrowserWindow[],
  quits: 0,
  permission: undefined as undefined | ((contents: unknown, permission: string, answer: (is: boolean) => void) => void),
  permissionCheck: undefined as undefined | ((contents: unknown, permission: string, origin: string) => boolean),
  registeredBeforeReady: false,
  menu: 'Electron’s own' as unknown,
  links: [] as string[],
}

let ready = () => {}
const isReady = new Promise<void>(resolve => {
  ready = resolve
})
let readyFired = false

export const fireReady = () => {
  readyFired = true
  ready()
}

class App extends EventEmitter {
  whenReady = () => isReady
  requestSingleInstanceLock = () => process.env.FAKE_SECOND_INSTANCE !== '1'
  quit = () => {
    asked.quits += 1
  }
  exit = (code: number) => process.exit(code)
  getVersion = () => '0.0.1'
}
export const app = new App()

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => {
    asked.schemes.push(...schemes)
    asked.registeredBeforeReady = !readyFired
  },
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => asked.handlers.set(scheme, handler),
}

export class FakeContents extends EventEmitter {
  mainFrame: { url: string } = { url: '' }
  sent: unknown[] = []
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  send = (_channel: string, message: unknown) => this.sent.push(structuredClone(message))
  isDestroyed = () => false
  getURL = () => this.mainFrame.url
  setWindowOpenHandler = (handler: FakeContents['openHandler']) => {
    this.openHandler = handler
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => asked.windows
  webContents = new FakeContents()
  options: { webPreferences: Record<string, unknown> } & Record<string, unknown>
  restored = 0
  constructor(options: BrowserWindow['options']) {
    super()
    this.options = options
    asked.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  loadURL = async (url: string) => {
    this.webContents.mainFrame = { url }
  }
  fullScreen = false
  focused = 0
  show = () => {}
  focus = () => {
    this.focused += 1
  }
  isFullScreen = () => this.fullScreen
  setFullScreen = (is: boolean) => {
    this.fullScreen = is
  }
  isMinimized = () => true
  restore = () => {
    this.restored += 1
  }
}

export const Menu = {
  setApplicationMenu: (menu: unknown) => {
    asked.menu = menu
  },
}

export const nativeTheme = { shouldUseDarkColors: true }

export const shell = {
  openExternal: async (url: string) => {
    asked.links.push(url)
  },
}

export const ipcMain = new EventEmitter()

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: NonNullable<typeof asked.permission>) => {
      asked.permission = handler
    },
    setPermissionCheckHandler: (handler: NonNullable<typeof asked.permissionCheck>) => {
      asked.permissionCheck = handler
    },
  },
}

export const utilityProcess = {
  fork: () => {
    throw new Error('no utility process here')
  },
}
