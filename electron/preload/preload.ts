// The one thing that a page in Electron's window is given: a way to send messages to the host and to receive its own.

import { contextBridge, ipcRenderer } from 'electron'

/** The only channel there is; hosts/window.ts listens on it. */
const channel = 'khw'

contextBridge.exposeInMainWorld('khw', {
  send: (message: unknown) => ipcRenderer.send(channel, message),
  receive: (listener: (message: unknown) => void) => {
    // The event itself would hand the page a way to every channel.
    const heard = (_event: unknown, message: unknown) => listener(message)
    ipcRenderer.on(channel, heard)
    return () => {
      ipcRenderer.off(channel, heard)
    }
  },
})
