// One running container: its tree, its network, its processes, and the outside ends of exec, attach and logs.
// Models kubernetes/pkg/kubelet/kuberuntime and containerd/internal/cri

import type { Clock } from '../../platform/clock.ts'
import { createFileTree, type FileTree } from '../images/files.ts'
import { type ContainerView, ExecError, type Image, type Input, type Output, type Tty } from '../images/program.ts'
import { createPipe, noInput, type Pipe, pour, toBytes } from '../images/streams.ts'
import { createTerminal, type Terminal } from '../images/tty.ts'
import { searchPath } from '../network/names.ts'
import { type Network, networkError } from '../network/network.ts'
import { randomHex } from '../random.ts'
import { StatusError } from '../status-error.ts'
import { createContainerLog } from './container-log.ts'
import { createMeter } from './load.ts'
import { createProcesses } from './processes.ts'
import { type Attachment, CannotExec, type ContainerSpec, type Exit, type RunningContainer } from './runtime.ts'

export interface ContainerParts {
  id: string
  imageId: string
  image: Image
  /** The image's unpacked tree, shared: forked on first use. */
  base: FileTree
  network: Network
  clock: Clock
  random(): number
}

/** What the kubelet adds to every container's /etc. Models kubernetes/pkg/kubelet/kubelet_pods.go */
const writeEtc = (files: FileTree, spec: ContainerSpec) => {
  // An image may hold nothing at all.
  files.makeDirectory('/etc')
  files.write('/etc/hostname', `${spec.hostname}\n`)
  const local = ['127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback', 'fe00::0\tip6-localnet']
  files.write('/etc/hosts', `# Kubernetes-managed hosts file.\n${local.join('\n')}\n${spec.ip}\t${spec.hostname}\n`)
  files.write('/etc/resolv.conf', `search ${searchPath(spec.namespace).join(' ')}\nnameserver 10.43.0.10\noptions ndots:5\n`)
}

const commandOf = (spec: ContainerSpec, image: Image): readonly string[] => {
  // An image's arguments belong to its own entry point: a command of the Pod's drops both.
  if (spec.command && spec.command.length > 0) return [...spec.command, ...(spec.args ?? [])]
  return [...image.entrypoint, ...(spec.args && spec.args.length > 0 ? spec.args : image.command)]
}

/** @throws ExecError where the command cannot be run */
export const startContainer = (spec: ContainerSpec, parts: ContainerParts): RunningContainer => {
  const { image, network, clock } = parts
  const log = createContainerLog(() => clock.now(), spec.resume?.log)
  const attached = new Set<Attachment>()
  const closing = new Set<() => void>()
  let running = true
  const caller = { ip: spec.ip, namespace: spec.namespace }
  // The runtime tells HOME last, where neither image nor Pod tells it.
  const { HOME = '/root', ...ofImage } = image.env
  const env: Record<string, string> = { ...ofImage, HOSTNAME: spec.hostname, ...spec.env }
  env.HOME ??= HOME
  const cwd = spec.workingDir || image.workingDir
  let tree: FileTree | undefined

  const emit =
    (stream: 'stdout' | 'stderr'): Output =>
    data => {
      const bytes = toBytes(data)
      log.append(stream, bytes)
      return attached.size > 0 ? tellAttached(stream, bytes) : undefined
    }
  const tellAttached = async (stream: 'stdout' | 'stderr', bytes: Uint8Array) => {
    for (const streams of attached) {
      try {
        await streams[stream](bytes)
      } catch {
        // Who went away hears no more; the program goes on.
        attached.delete(streams)
      }
    }
  }
  const output = { stdout: emit('stdout'), stderr: emit('stderr') }

  const view: ContainerView = {
    hostname: spec.hostname,
    namespace: spec.namespace,
    ip: spec.ip,
    env,
    log: output,
    get files() {
      if (tree) return tree
      const layer = spec.resume?.layer
      tree = layer ? createFileTree(() => clock.now(), layer) : parts.base.fork()
      if (cwd !== '/') tree.makeDirectory(cwd)
      writeEtc(tree, spec)
      for (const mount of spec.mounts) tree.mount(mount.path, mount.volume, mount)
      return tree
    },
    get processes() {
      return processes.entries
    },
    listen(port, onConnection) {
      // What has ended hears nobody, whatever its code still does.
      if (!running) return () => {}
      const stop = network.listen(spec.ip, port, onConnection)
      closing.add(stop)
      return () => {
        closing.delete(stop)
        stop()
      }
    },
    dial: (host, port, burst) => network.dial({ ...caller, burst }, host === spec.hostname ? spec.ip : host, port),
    resolve(host) {
      if (host === spec.hostname) return [spec.ip]
      const ips = network.resolve(host, spec.namespace)
      if (ips.length === 0) throw networkError('ENOTFOUND', host)
      return ips
    },
    records: (host, type) => network.records(host, spec.namespace, type),
    answers: ip => network.answers(ip),
    kill: (pid, signal) => processes.kill(pid, signal),
    work: (ms, since) => meter.work(ms, since),
    computes: since => meter.computes(since),
    holds(bytes) {
      const release = meter.holds(bytes)
      checkMemory()
      return release
    },
    random: parts.random,
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  }
  const processes = createProcesses(image, () => view)
  const meter = createMeter({ now: () => clock.now(), idle: image.idle, processes: () => processes.entries.length })
  let isOutOfMemory = false
  // Models kubernetes/pkg/kubelet/kuberuntime: memory.oom.group, by which all processes of the container are killed together.
  const checkMemory = () => {
    const limit = spec.memoryLimit?.()
    if (limit === undefined || meter.memory() <= limit) return
    isOutOfMemory = true
    processes.kill(1, 'SIGKILL', 'outside')
  }

  let terminal: Terminal | undefined
  let resize: ((columns: number, rows: number) => void) | undefined
  const stdin: Pipe | undefined = spec.stdin && !spec.tty ? createPipe() : undefined
  if (spec.tty) {
    terminal = createTerminal({
      columns: 80,
      rows: 24,
      onResize: listener => {
        resize = listener
      },
      output: output.stdout,
      onSignal: name => processes.signalSession(1, name),
    })
  }
  const write = terminal?.write
  const argv = commandOf(spec, image)
  const main = {
    argv,
    env,
    cwd,
    stdin: (spec.stdin ? (terminal ?? stdin)?.reader() : undefined) ?? noInput(),
    stdout: write ?? output.stdout,
    stderr: write ?? output.stderr,
    ...(terminal && { tty: terminal.tty }),
  }
  const { exited: code } = begin()
  function begin() {
    try {
      if (argv.length === 0 && !image.fallback) throw new ExecError('no command specified', 127)
      return processes.start(main, argv.length === 0 ? image.fallback : undefined)
    } catch (error) {
      if (error instanceof ExecError && image.fallback) return processes.start(main, image.fallback)
      throw error
    }
  }

  const close = () => {
    running = false
    for (const stop of closing) stop()
    closing.clear()
  }
  const exited = code.then((exitCode): Exit => {
    close()
    log.close()
    stdin?.close()
    terminal?.hangUp()
    if (isOutOfMemory) return { exitCode: 137, reason: 'OOMKilled' }
    return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' }
  })

  return {
    id: parts.id,
    imageId: parts.imageId,
    meter,
    exited,
    async stop(graceMs) {
      const ended = new AbortController()
      void exited.then(() => ended.abort())
      if (graceMs > 0) {
        processes.kill(1, 'SIGTERM', 'outside')
        await clock.sleep(graceMs, ended.signal).catch(() => {})
      }
      if (running) processes.kill(1, 'SIGKILL', 'outside')
      // Its ports are free at once: what takes its place may listen on them.
      close()
      return exited
    },
    async exec(command, streams) {
      if (!running) throw new StatusError(500, 'InternalError', `container not found ("${spec.name}")`)
      return execIn(command, streams)
    },
    async attach(streams) {
      if (!running) throw new StatusError(500, 'InternalError', `container not found ("${spec.name}")`)
      attached.add(streams)
      if (streams.tty && resize) {
        resize(streams.tty.columns, streams.tty.rows)
        streams.tty.onResize(resize)
      }
      const ends = spec.stdinOnce ?? false
      if (streams.stdin && stdin) void pour(streams.stdin, stdin, streams.signal, ends)
      if (streams.stdin && terminal && spec.stdin) void typeInto(terminal, streams.stdin, streams.signal, ends)
      const gone = Promise.withResolvers<void>()
      streams.signal.addEventListener('abort', () => gone.resolve(), { once: true })
      await Promise.race([exited, gone.promise])
      attached.delete(streams)
    },
    logs: options => log.read(options),
    save: () => ({
      id: parts.id,
      imageId: parts.imageId,
      ...(tree && { layer: tree.save() }),
      log: log.save(),
      mark: meter.mark,
    }),
  }

  async function execIn(command: readonly string[], streams: Attachment): Promise<number> {
    const outside =
      (write: (bytes: Uint8Array) => void | Promise<void>): Output =>
      data =>
        streams.signal.aborted ? Promise.reject(Object.assign(new Error('Broken pipe'), { code: 'EPIPE' })) : write(toBytes(data))
    let pid = 0
    let io: { stdin: Input; stdout: Output; stderr: Output; tty?: Tty }
    let keyboard: Terminal | undefined
    if (streams.tty) {
      const { columns, rows, onResize } = streams.tty
      keyboard = createTerminal({
        columns,
        rows,
        onResize,
        output: outside(bytes => streams.stdout(bytes)),
        onSignal: name => processes.signalSession(pid, name),
      })
      io = { stdin: keyboard.reader(), stdout: keyboard.write, stderr: keyboard.write, tty: keyboard.tty }
    } else {
      const pipe = createPipe()
      if (streams.stdin) void pour(streams.stdin, pipe, streams.signal)
      else pipe.end()
      io = { stdin: pipe.reader(), stdout: outside(b => streams.stdout(b)), stderr: outside(b => streams.stderr(b)) }
    }
    try {
      const child = processes.start({ argv: command, env: streams.tty ? { ...env, TERM: 'xterm' } : env, cwd, ...io })
      pid = child.pid
      if (keyboard && streams.stdin) void typeInto(keyboard, streams.stdin, streams.signal)
      if (streams.tty) streams.signal.addEventListener('abort', () => processes.signalSession(pid, 'SIGHUP'), { once: true })
      return await child.exited
    } catch (error) {
      if (!(error instanceof ExecError)) throw error
      throw new CannotExec(error, randomHex(parts.random, 64))
    }
  }
}

const typeInto = async (
  terminal: Terminal,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  ends = true,
): Promise<void> => {
  try {
    for await (const bytes of source) {
      if (signal.aborted) break
      terminal.type(bytes)
    }
  } catch {
    // The keyboard's connection broke: the same as its end.
  } finally {
    if (ends) terminal.hangUp()
  }
}
