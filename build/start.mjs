// `npm start`: installs what is missing, builds, and opens the application.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chooseLanguage, ensureBuilt, ensureInstalled, exits, loadWords, node24, root, runThrough } from './install.mjs'

const args = process.argv.slice(2)
const language = chooseLanguage(args)
const words = loadWords(language)
const say = line => process.stderr.write(`${line}\n`)

/** @returns the options, or undefined after saying what is wrong */
const readOptions = () => {
  const options = { host: undefined, port: '0', open: true, help: false }
  const rest = [...args]
  while (rest.length > 0) {
    const [name, ...joined] = rest.shift().split('=')
    const value = () => (joined.length > 0 ? joined.join('=') : rest.shift())
    if (name === '--help' || name === '-h') options.help = true
    else if (name === '--no-open') options.open = false
    else if (name === '--host') options.host = value()
    else if (name === '--port') options.port = value()
    else if (name === '--lang') value()
    else {
      say(words('unknownOption', { option: name }))
      return undefined
    }
  }
  if (options.host !== undefined && options.host !== 'window' && options.host !== 'serve') {
    say(words('unknownHost', { host: options.host }))
    return undefined
  }
  return options
}

const electronProgram = () => {
  const named = join(root, 'node_modules/electron/path.txt')
  if (!existsSync(named)) return undefined
  const path = join(root, 'node_modules/electron/dist', readFileSync(named, 'utf8').trim())
  return existsSync(path) ? path : undefined
}

const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** Electron's program, fetched where that can be done; undefined where it cannot. */
const ensureElectron = async () => {
  const found = electronProgram()
  if (found) return found
  say(words('fetchingElectron'))
  const code = await runThrough([node24, join(root, 'node_modules/electron/install.js')], { toStderr: true })
  if (code !== 0) say(words('noElectron'))
  return electronProgram()
}

const openWindow = async program => {
  say(words('openingWindow'))
  const startedAt = Date.now()
  const code = await runThrough([program, root])
  // Electron that cannot start says so at once: no sandbox for this user, no display, a missing library.
  return { code, isStillborn: code !== 0 && Date.now() - startedAt < 5000 }
}

const openServe = ({ port, open }) => {
  say(words('serving'))
  const flags = ['--port', port, '--lang', language, ...(open ? [] : ['--no-open'])]
  return runThrough([node24, join(root, 'out/electron/khw.js'), 'serve', ...flags])
}

const start = async () => {
  const options = readOptions()
  if (!options) return exits.usage
  if (options.help) {
    process.stdout.write(`${words('help')}\n`)
    return exits.ok
  }
  if (!(await ensureInstalled(say, words)) || !(await ensureBuilt(say, words))) return exits.environment
  const wantsWindow = options.host === 'window' || (options.host === undefined && hasDisplay && options.open)
  if (!wantsWindow) return openServe(options)
  const electron = await ensureElectron()
  if (electron) {
    const { code, isStillborn } = await openWindow(electron)
    if (!isStillborn) return code
    say(words('windowFailed', { code }))
  }
  return options.host === 'window' ? exits.environment : openServe(options)
}

process.exitCode = await start()
