// A snapd that trusts upstream's public test keys, and a program that signs with them: built once from Debian's own sources.

import { chmodSync, copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sources, suite } from '../debian.ts'
import { cached, tools } from '../layers.ts'
import { run } from '../run.ts'

const github = ['bmatcuk-doublestar', 'coreos-bbolt', 'coreos-go-systemd', 'gorilla-mux', 'jessevdk-go-flags', 'juju-ratelimit']
const others = ['kr-pretty', 'mvo5-goconfigparser', 'seccomp-libseccomp-golang', 'snapcore-snapd']
const gopkg = ['check.v1', 'macaroon.v1', 'mgo.v2', 'retry.v1', 'tomb.v2', 'tylerb-graceful.v1', 'yaml.v2', 'yaml.v3']
/** As snapd's source package asks for them: its own sources do not depend on what they import. */
const packages = [
  ...['golang-go', 'gcc', 'libc6-dev', 'pkgconf', 'libudev-dev', 'libseccomp-dev', 'libapparmor-dev', 'libcap-dev'],
  ...['golang-dbus-dev', 'golang-golang-x-crypto-dev', 'golang-golang-x-xerrors-dev', 'golang-golang-x-sys-dev'],
  ...['golang-golang-x-term-dev', 'golang-golang-x-net-dev'],
  ...[...github, ...others].map(name => `golang-github-${name}-dev`),
  ...gopkg.map(name => `golang-gopkg-${name}-dev`),
].join(',')
const source = join(import.meta.dirname, 'sign.go')
const build = `set -e
export HOME=/root GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=-buildvcs=false GOCACHE=/tmp/go PATH=/usr/bin:/bin:/usr/sbin:/sbin
cd /usr/share/gocode/src/github.com/snapcore/snapd
version=$(dpkg-query -W -f '\${Version}' golang-github-snapcore-snapd-dev)
go build -tags 'nosecboot withtestkeys' -ldflags "-X github.com/snapcore/snapd/snapdtool.Version=$version" -o /out-snapd ./cmd/snapd
mkdir -p cmd/khw-sign && cp /sign.go cmd/khw-sign/main.go
CGO_ENABLED=0 go build -tags 'nosecboot withtestkeys' -o /out-sign ./cmd/khw-sign
`

export interface SignedTools {
  snapd: string
  sign: string
}

/** Never shipped: whoever reads snapd's sources has these keys. */
export const signedTools = async (): Promise<SignedTools> => {
  const folder = await cached('signed', { suite, packages, build, sign: readFileSync(source, 'utf8') }, async folder => {
    const bin = join(await tools(), 'usr/bin')
    const root = join(folder, 'root')
    const flags = ['--mode=root', '--variant=minbase', '--aptopt=APT::Install-Recommends "false"', `--include=${packages}`]
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
    const stdin = `${(await sources(suite)).join('\n')}\n`
    await run([join(bin, 'mmdebstrap'), ...flags, suite, root, '-'], { env, stdin, check: true })
    copyFileSync(source, join(root, 'sign.go'))
    const devices = [
      'sh',
      '-c',
      'mount -t proc proc "$0/proc"; mount --bind /dev "$0/dev"; exec chroot "$0" bash -c "$1"',
    ] as const
    await run(['unshare', '--mount', '--propagation', 'private', ...devices, root, build], { check: true })
    for (const name of ['snapd', 'sign']) {
      copyFileSync(join(root, `out-${name}`), join(folder, name))
      chmodSync(join(folder, name), 0o755)
    }
    rmSync(root, { recursive: true, force: true })
  })
  return { snapd: join(folder, 'snapd'), sign: join(folder, 'sign') }
}
