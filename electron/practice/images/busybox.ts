// busybox: one shell and many small programs, and the images that are made of little else.

import * as changing from './applets/changing.ts'
import { type Applet, program } from './applets/context.ts'
import { grep } from './applets/grep.ts'
import * as hash from './applets/hash.ts'
import * as lines from './applets/lines.ts'
import * as listing from './applets/listing.ts'
import * as net from './applets/net.ts'
import { sed } from './applets/sed.ts'
import * as system from './applets/system.ts'
import { gzip, tar } from './applets/tar.ts'
import * as text from './applets/text.ts'
import * as web from './applets/web.ts'
import type { FileTree } from './files.ts'
import { defaultPath } from './lookup.ts'
import { executable, type Image, type Program } from './program.ts'
import { shellBuiltin } from './shell/as-program.ts'
import { sh } from './shell/sh.ts'

const applets: Readonly<Record<string, Applet>> = {
  ...text,
  ...lines,
  ...listing,
  ...changing,
  ...net,
  base64: hash.base64,
  md5sum: hash.checksum,
  sha1sum: hash.checksum,
  sha256sum: hash.checksum,
  sha512sum: hash.checksum,
  grep,
  egrep: grep,
  fgrep: grep,
  sed,
  tar,
  gzip,
  gunzip: gzip,
  zcat: gzip,
  wget: web.wget,
  ps: system.ps,
  kill: system.kill,
  killall: system.kill,
  pkill: system.kill,
  pidof: system.pidof,
  env: system.env,
  printenv: system.printenv,
  hostname: system.hostname,
  whoami: system.whoami,
  id: system.id,
  uname: system.uname,
  arch: system.uname,
  date: system.date,
  sleep: system.sleep,
  timeout: system.timeout,
  time: system.time,
  which: system.which,
  xargs: system.xargs,
  free: system.free,
  uptime: system.uptime,
  top: system.top,
  watch: system.watch,
  clear: system.clear,
  reset: system.clear,
  basename: system.basename,
  dirname: system.dirname,
  tty: system.tty,
  nproc: system.nproc,
  vi: system.editor,
  realpath: changing.readlink,
  chgrp: changing.chown,
  more: text.cat,
  less: text.cat,
  sync: () => 0,
}

/** Builtins of the shell that are programs as well. */
const builtins = ['echo', 'printf', 'test', '[', 'true', 'false', 'pwd']

const own: Readonly<Record<string, Program>> = {
  ...Object.fromEntries(Object.entries(applets).map(([name, applet]) => [name, program(applet)])),
  ...Object.fromEntries(builtins.map(name => [name, shellBuiltin(name)])),
  sh,
  ash: sh,
}

const names = Object.keys(own).sort()

/** busybox itself: runs the applet that its name or its first argument tells. */
const busybox: Program = async (io, container) => {
  const name = io.argv[0]!.replace(/^.*\//, '').replace(/^-/, '')
  const applet = own[name]
  if (applet) return applet(io, container)
  const [, first, ...rest] = io.argv
  if (first === undefined || first === '--help' || first === '--list') {
    await io.stdout(
      first === '--list'
        ? names.map(other => `${other}\n`).join('')
        : `BusyBox v1.37.0 multi-call binary.\n\nCurrently defined functions:\n\t${names.join(', ')}\n`,
    )
    return 0
  }
  const asked = own[first]
  if (!asked) {
    await io.stderr(`${first}: applet not found\n`)
    return 127
  }
  return asked({ ...io, argv: [first, ...rest] }, container)
}

export const busyboxPrograms: Readonly<Record<string, Program>> = { busybox, curl: program(web.curl) }

/** The files that every image with busybox has. */
export const unpackBusybox = (files: FileTree): void => {
  for (const directory of [
    '/dev',
    '/etc',
    '/home',
    '/lib',
    '/proc',
    '/root',
    '/run',
    '/sys',
    '/tmp',
    '/usr/bin',
    '/usr/sbin',
    '/sbin',
    '/var/log',
    '/var/run',
    '/var/spool',
    '/bin',
  ]) {
    if (!files.exists(directory)) files.makeDirectory(directory)
  }
  files.chmod('/tmp', 0o1777)
  files.write('/bin/busybox', executable('busybox'), 0o755)
  for (const name of names) files.link(`/bin/${name}`, 'busybox')
  files.write('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n')
  files.write('/etc/group', 'root:x:0:\nwheel:x:10:root\nnogroup:x:65534:\n')
  files.write('/etc/shells', '/bin/sh\n')
  for (const device of ['null', 'zero', 'urandom', 'random', 'tty', 'stdin', 'stdout', 'stderr'])
    files.write(`/dev/${device}`, '', 0o666)
}

const env = { PATH: defaultPath, HOME: '/root' }

export const busyboxImage: Image = {
  name: 'library/busybox',
  tags: /^(latest|stable|unstable|glibc|musl|uclibc|1(\.\d{1,2}){0,2})(-(glibc|musl|uclibc))?$/,
  preloaded: ['latest', '1.36', '1.37', 'stable'],
  sizeBytes: 2_211_000,
  entrypoint: [],
  command: ['sh'],
  env,
  workingDir: '/',
  unpack: unpackBusybox,
  programs: busyboxPrograms,
}

export const alpineImage: Image = {
  ...busyboxImage,
  name: 'library/alpine',
  tags: /^(latest|edge|3(\.\d{1,2}){0,2}|\d{8})$/,
  preloaded: [],
  sizeBytes: 3_800_000,
  command: ['/bin/sh'],
  unpack(files) {
    unpackBusybox(files)
    files.write('/etc/alpine-release', '3.22.1\n')
    files.write('/etc/os-release', 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n')
  },
}

export const curlImage: Image = {
  ...alpineImage,
  name: 'curlimages/curl',
  tags: /^(latest|\d+\.\d+\.\d+)$/,
  sizeBytes: 9_900_000,
  entrypoint: ['curl'],
  command: ['--help'],
  unpack(files) {
    alpineImage.unpack(files)
    files.write('/usr/bin/curl', executable('curl'), 0o755)
  },
}
