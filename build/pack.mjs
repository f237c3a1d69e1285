// `npm run pack`: installs what is missing, builds, and makes the packages (build/pack/main.ts). Works on any Node >= 20.

import { join } from 'node:path'
import { chooseLanguage, ensureBuilt, ensureInstalled, exits, loadWords, node24, root, runThrough } from './install.mjs'

const words = loadWords(chooseLanguage([]))
const say = line => process.stderr.write(`${line}\n`)

process.exitCode =
  (await ensureInstalled(say, words)) && (await ensureBuilt(say, words))
    ? await runThrough([node24, join(root, 'build/pack/main.ts'), ...process.argv.slice(2)])
    : exits.environment
