// Runs a package's desktop entry under plain Node with the stand-in for electron, and prints what it starts, and from where.

import { spawn } from 'node:child_process'
import { registerHooks } from 'node:module'

const [main = '', node = ''] = process.argv.slice(2)
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('../main/shell/fake-electron.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})
const fake = await import('../main/shell/fake-electron.ts')
const forked: string[] = []
/** As Electron does: Node in a process of its own. */
const fork = (file: string, args: string[]) => {
  forked.push(file)
  const child = spawn(node, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  process.on('exit', () => child.kill())
  return child
}
Object.assign(fake.utilityProcess, { fork })
await import(main)
fake.fireReady()

const until = async <T>(look: () => T | undefined): Promise<T> => {
  for (let tries = 0; tries < 2000; tries += 1) {
    const found = look()
    if (found !== undefined) return found
    await new Promise(done => setTimeout(done, 10))
  }
  // Not thrown: the application itself listens for what nobody caught, and goes on.
  process.stderr.write(`it never came: ${look}\n`)
  process.exit(1)
}
const window = await until(() => fake.asked.windows[0])
const sender = window.webContents
interface Message {
  type: string
  id: number
  body?: unknown
}
const heard = () => sender.sent as Message[]
const say = (message: unknown) => fake.ipcMain.emit('khw', { sender, senderFrame: sender.mainFrame }, message)
const ask = async (id: number, method: string, body: unknown) => {
  say({ type: 'call', id, method, body })
  return until(() => heard().find(message => message.id === id))
}

const info = await ask(1, 'app.info', {})
const use = await ask(2, 'cluster.use', { id: 'practice' })
// With nothing done there is nothing to undo: the one run of Setup that is harmless anywhere.
const setup = await ask(3, 'setup.start', { kind: 'undo', cols: 80, rows: 24 })
say({ type: 'open', id: 4, method: 'terminal.output', body: { id: (setup.body as { terminal: string }).terminal } })
const text = () =>
  heard()
    .filter(({ id }) => id === 4)
    .map(message => JSON.stringify(message, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value)))
    .join('')
await until(() => (/撤|undo/.test(text()) ? true : undefined))
const page = await fake.asked.handlers.get('app')?.(new Request('app://ui/index.html'))
console.log(
  JSON.stringify({ forked, info: info.body, use, terminal: text(), page: { status: page?.status, text: await page?.text() } }),
)
fake.app.emit('before-quit', { preventDefault: () => {} })
await until(() => (fake.asked.quits > 0 ? true : undefined))
process.exit(0)
