// The settings of a redis server: its defaults, its file and its command line.

import { type FileTree, resolvePath } from '../files.ts'
import { splitWords } from './resp.ts'

// Models redis/src/config.c, the settings that a course meets
export type Settings = Map<string, string>

export class ConfigurationError extends Error {}

const defaults: Readonly<Record<string, string>> = {
  bind: '* -::*',
  port: '6379',
  dir: '/data',
  dbfilename: 'dump.rdb',
  save: '3600 1 300 100 60 10000',
  appendonly: 'no',
  appendfilename: 'appendonly.aof',
  appenddirname: 'appendonlydir',
  appendfsync: 'everysec',
  databases: '16',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  maxclients: '10000',
  loglevel: 'notice',
  logfile: '',
  daemonize: 'no',
  'protected-mode': 'no',
  timeout: '0',
  'tcp-keepalive': '300',
  'tcp-backlog': '511',
  requirepass: '',
}

const fault = (line: number, text: string, why: string) =>
  new ConfigurationError(
    `\n*** FATAL CONFIG FILE ERROR (Redis 7.4.5) ***\nReading the configuration file, at line ${line}\n>>> '${text}'\n${why}\n`,
  )

/** From `redis-server [file] [--name value ...]`. @throws ConfigurationError in redis' words */
export const readSettings = (args: readonly string[], cwd: string, files: FileTree): Settings => {
  const settings: Settings = new Map(Object.entries({ ...defaults, dir: cwd }))
  const rest = [...args]
  const lines: string[] = []
  if (rest[0] !== undefined && !rest[0].startsWith('-')) {
    const path = resolvePath(cwd, rest.shift()!)
    if (!files.exists(path))
      throw new ConfigurationError(`Fatal error, can't open config file '${path}': No such file or directory\n`)
    lines.push(...files.text(path).split('\n'))
  }
  for (const word of rest) {
    if (word.startsWith('--')) lines.push(word.slice(2))
    else lines.push(`${lines.pop() ?? ''} "${word.replace(/["\\]/g, '\\$&')}"`)
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue
    const [name = '', ...values] = splitWords(line) ?? []
    const key = name.toLowerCase()
    if (!settings.has(key)) throw fault(index + 1, line, 'Bad directive or wrong number of arguments')
    if (values.length === 0) throw fault(index + 1, line, 'wrong number of arguments')
    const value = values.join(' ')
    if (defaults[key] === 'yes' || defaults[key] === 'no') {
      if (value !== 'yes' && value !== 'no') throw fault(index + 1, line, "argument must be 'yes' or 'no'")
    }
    if (key === 'port' && !(Number(value) >= 1 && Number(value) <= 65535))
      throw fault(index + 1, line, 'argument must be between 0 and 65535 inclusive')
    settings.set(key, key === 'dir' ? resolvePath(cwd, value) : value)
  }
  return settings
}
