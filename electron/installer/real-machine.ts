// The machine itself, as the user may see it.

import { hostname as hostName, userInfo } from 'node:os'
import { realClock } from '../platform/clock.ts'
import { run } from '../platform/run.ts'
import { askSnapd } from '../platform/snapd-socket.ts'
import { look } from '../platform/system-files.ts'
import type { Machine } from './machine.ts'

/** A program that only looks has answered long before. */
const patienceMs = 30_000

export const createMachine = (env: NodeJS.ProcessEnv = process.env): Machine => {
  const { uid, gid, username, homedir } = userInfo()
  return {
    read: look.text,
    list: look.names,
    info: look.info,
    space: look.space,
    run: async argv => {
      const { code, stdout, stderr } = await run(argv, {
        timeout: patienceMs,
        env: { ...env, PATH: `${env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin:/snap/bin`, LC_ALL: 'C.UTF-8' },
      })
      return { code, stdout, stderr }
    },
    snapd: path => askSnapd(path),
    now: realClock.now,
    user: { uid, gid, name: username, home: env.HOME || homedir },
    env,
    arch: process.arch,
    hostname: hostName(),
  }
}
