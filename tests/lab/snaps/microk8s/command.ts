// The stand-in's commands: `microk8s NAME …` and `microk8s.NAME …` both come here.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { enable } from './enable.ts'
import { data, places, readImages, snap, writeJson } from './place.ts'
import { status } from './status.ts'

const out = (line: string) => process.stdout.write(`${line}\n`)
const err = (line: string) => process.stderr.write(`${line}\n`)

const through = (...argv: [string, ...string[]]): number => {
  const [command, ...args] = argv
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1
}

/** Root, or in the group that snapd's configure hook made. */
const mayUse = (): boolean => {
  const gid = /^microk8s:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]
  return process.getuid?.() === 0 || (gid !== undefined && process.getgroups?.().includes(Number(gid)) === true)
}

const defaultAddress = (): string =>
  /src (\S+)/.exec(spawnSync('ip', ['-4', 'route', 'get', '8.8.8.8'], { encoding: 'utf8' }).stdout)?.[1] ?? 'none'

const config = (args: string[]): number => {
  const text = readFileSync(places.clientConfig, 'utf8')
  const isLoopback = args.some(word => word === '--use-loopback' || word === '-l')
  process.stdout.write(isLoopback ? text : text.replace('127.0.0.1', defaultAddress()))
  return 0
}

const ctr = (args: string[]): number => {
  const [noun, verb, ...rest] = args
  if (noun !== 'image' && noun !== 'images') return 1
  const images = readImages()
  if (verb === 'ls' || verb === 'list') {
    for (const name of Object.keys(images).sort()) out(name)
    return 0
  }
  const [name = '', label = ''] = rest
  if (verb !== 'label') return 1
  if (!(name in images)) {
    err(`ctr: image "${name}": not found`)
    return 1
  }
  const [key = '', value = ''] = label.split('=')
  images[name] = { ...images[name], [key]: value }
  writeJson(places.images, images)
  out(label)
  return 0
}

const services = ['cluster-agent', 'containerd', 'kubelite', 'k8s-dqlite', 'apiserver-proxy', 'apiserver-kicker']

const inspect = (): number => {
  let code = 0
  out('Inspecting system')
  out('Inspecting services')
  for (const name of services) {
    const unit = `snap.microk8s.daemon-${name}`
    if (spawnSync('systemctl', ['is-active', '--quiet', unit]).status === 0) out(`  Service ${unit} is running`)
    else {
      code = 1
      out(`\x1b[31m FAIL: \x1b[0m Service ${unit} is not running`)
      out(`For more details look at: sudo journalctl -u ${unit}`)
    }
  }
  out('Building the report tarball')
  const report = join(data, `inspection-report-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}.tar.gz`)
  through('tar', '-czf', report, '-C', data, 'args')
  out(`  Report tarball is at ${report}`)
  return code
}

const addNode = (): number => {
  const token = '92b2db237428470dc4fcfc4ebbd9dc81'
  const address = `${defaultAddress()}:25000/${token}/2c0cb3284b05`
  out('From the node you wish to join to this cluster, run the following:')
  out(`microk8s join ${address}`)
  out('')
  out("Use the '--worker' flag to join a node as a worker not running the control plane, eg:")
  out(`microk8s join ${address} --worker`)
  out('')
  out('If the node you are adding is not reachable through the default interface you can use one of the following:')
  out(`microk8s join ${address}`)
  return 0
}

const run = async (name: string, args: string[]): Promise<number> => {
  if (name === 'version') {
    out(`MicroK8s ${process.env.SNAP_VERSION} revision ${process.env.SNAP_REVISION}`)
    return 0
  }
  if (!mayUse()) {
    err('Insufficient permissions to access MicroK8s.')
    err(`You can either try again with sudo or add the user ${process.env.USER} to the 'microk8s' group:`)
    err(`\n    sudo usermod -a -G microk8s ${process.env.USER}\n    sudo chown -R ${process.env.USER} ~/.kube\n`)
    return 1
  }
  if (name === 'status') return status(args)
  if (name === 'stop') {
    const code = through('snapctl', 'stop', 'microk8s', '--disable')
    mkdirSync(dirname(places.stopped), { recursive: true })
    writeFileSync(places.stopped, '')
    return code
  }
  if (name === 'start') {
    rmSync(places.stopped, { force: true })
    return through('snapctl', 'start', 'microk8s', '--enable')
  }
  if (name === 'inspect') return inspect()
  if (existsSync(places.stopped)) {
    err('microk8s is not running, try microk8s start')
    return 1
  }
  if (name === 'config') return config(args)
  if (name === 'kubectl') return through(join(snap, 'kubectl'), `--kubeconfig=${places.clientConfig}`, ...args)
  if (name === 'ctr') return ctr(args)
  if (name === 'add-node') return addNode()
  if (name === 'enable') return Math.max(1, args.length) === 1 && args[0] !== undefined ? enable(args[0]) : 1
  if (name === 'images' && args[0] === 'import') {
    err('Failed to import images: stand-in has no cluster agent to ask')
    return 0 // so does the real one
  }
  err(`'${name}' is not a valid MicroK8s subcommand.`)
  err(`Please use one of the commands of MicroK8s on ${hostname()}.`)
  return 1
}

const [name = 'status', ...args] = process.argv.slice(2)
process.exitCode = await run(name, args)
