// `npm run -s khw -- ARGS`: khw from a checkout, built first where it must be. All but khw's own output goes to stderr.

import { join } from 'node:path'
import { chooseLanguage, ensureBuilt, ensureInstalled, exits, loadWords, node24, root, runThrough } from './install.mjs'

const args = process.argv.slice(2)
const words = loadWords(chooseLanguage(args))
const say = line => process.stderr.write(`${line}\n`)

// Only serving and exporting the talk need the page.
const only = args.includes('serve') || args.includes('export') ? [] : ['host']
const isReady = (await ensureInstalled(say, words, true)) && (await ensureBuilt(say, words, { only, isQuiet: true }))
process.exitCode = isReady ? await runThrough([node24, join(root, 'out/electron/khw.js'), ...args]) : exits.environment
