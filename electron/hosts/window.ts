// The contract for Electron's windows: one channel, open only to the main frame of our own page.

import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import type { Stop, Transport } from '../rpc/transport.ts'
import { createEnds } from '../rpc/transport.ts'

/** Where the page lives: `app://ui/index.html`. */
export const pageScheme = 'app'
export const pageHost = 'ui'

const channel = 'khw'

/**
 * Whether an address is our page's. Not by `new URL(url).origin`: that is "null" for a scheme of our own, and for anybody's.
 */
export const isOurPage = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return protocol === `${pageScheme}:` && host === pageHost && username === '' && password === ''
}

/** Only a window's main frame showing our page; a frame that has gone away (null) is nobody. */
const isAllowed = ({ senderFrame, sender }: IpcMainEvent): boolean =>
  senderFrame !== null && senderFrame === sender.mainFrame && isOurPage(senderFrame.url)

export interface WindowHostOptions {
  ipcMain: Pick<IpcMain, 'on' | 'off'>
  /** Serves one page's connection; see rpc/serve.ts. */
  serve(transport: Transport): Stop
  onRefused?(words: string): void
}

/** A page's connection begins with its first message and ends when it is left, reloaded, or its window or process goes. */
export const startWindowHost = ({ ipcMain, serve, onRefused }: WindowHostOptions): Stop => {
  const pages = new Map<WebContents, { ends: ReturnType<typeof createEnds> }>()

  const open = (contents: WebContents) => {
    const ends = createEnds('live')
    const page = { ends }
    const end = () => {
      if (pages.get(contents) !== page) return
      pages.delete(contents)
      contents.off('destroyed', end)
      contents.off('render-process-gone', end)
      contents.off('did-navigate', end)
      ends.become('closed')
    }
    pages.set(contents, page)
    contents.on('destroyed', end)
    contents.on('render-process-gone', end)
    contents.on('did-navigate', end)
    serve({
      send: message => {
        if (ends.state === 'live' && !contents.isDestroyed()) contents.send(channel, message)
      },
      receive: ends.receive,
      link: ends.link,
      close: end,
    })
    return page
  }

  const heard = (event: IpcMainEvent, message: unknown) => {
    if (!isAllowed(event)) return onRefused?.(`message from ${event.senderFrame?.url ?? 'a frame that is gone'}`)
    const page = pages.get(event.sender) ?? open(event.sender)
    page.ends.deliver(message)
  }

  ipcMain.on(channel, heard)
  return () => {
    ipcMain.off(channel, heard)
    for (const { ends } of [...pages.values()]) ends.become('closed')
    pages.clear()
  }
}
