// The helper that Setup's engine starts as root: a few fixed verbs, and nothing else.

import { invoker } from '../installer/helper/invoker.ts'
import { serveHelper } from '../installer/helper/serve.ts'

const main = async (): Promise<number> => {
  if (process.getuid?.() !== 0) {
    process.stderr.write('setup-helper: must be root\n')
    return 3
  }
  // pkexec and sudo say for whom; root himself starts us with this word.
  if (invoker(process.env) === undefined && process.env.KHW_SETUP_ROOT !== '1') {
    process.stderr.write('setup-helper: started by neither pkexec nor sudo\n')
    return 3
  }
  process.umask(0o022)
  process.chdir('/')
  // A key or a closed window ends the engine, not the command that is just being done: our input's end is what ends us.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM', 'SIGPIPE'] as const) process.on(signal, () => {})
  process.stdout.on('error', () => {})
  await serveHelper({ input: process.stdin, write: line => void process.stdout.write(line) })
  return 0
}

void main().then(code => {
  process.exitCode = code
})
