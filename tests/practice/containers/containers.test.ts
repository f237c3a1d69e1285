import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../electron/platform/clock.ts'
import { createFileTree } from '../../../electron/practice/images/files.ts'
import type { LogOptions } from '../../../electron/practice/kubelet/container-log.ts'
import { parseReference } from '../../../electron/practice/kubelet/image-store.ts'
import { createBox, createCluster, createKeyboard } from '../images/box.ts'

const failed = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'worked',
    (error: Error) => error.message,
  )
const { signal } = new AbortController()

describe('images', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    ['openresty/openresty:alpine', 'docker.io/openresty/openresty:alpine'],
    ['localhost:32000/x/y', 'localhost:32000/x/y:latest'],
    ['ghcr.io/a/b:v1', 'ghcr.io/a/b:v1'],
    ['UPPER', undefined],
    ['a b', undefined],
    ['x:', undefined],
  ])('%s is %s', (image, full) => expect(parseReference(image)?.full).toBe(full))

  it('of the labs are on every node; others are after a pull, which takes a while', async () => {
    const { runtime } = createCluster()
    expect(runtime.image('node1', 'openresty/openresty:alpine')?.reference).toBe('docker.io/openresty/openresty:alpine')
    expect(runtime.image('node1', 'alpine')).toBeUndefined()
    const begun = realClock.now()
    const pulled = await runtime.pull('node1', 'alpine', signal)
    expect(realClock.now() - begun).toBeGreaterThan(150)
    expect(pulled).toEqual(runtime.image('node1', 'docker.io/library/alpine:latest'))
    expect(pulled.id).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(runtime.image('node2', 'alpine')).toBeUndefined()
    await runtime.pull('node1', 'some.registry/any/plausible:v1.2', signal)
  })

  it('that are made up fail in containerd’s words', async () => {
    const { runtime } = createCluster()
    const pull = (image: string) => failed(runtime.pull('node1', image, signal))
    const begin = (ref: string) => `failed to pull and unpack image "${ref}": failed to resolve reference "${ref}": `
    const messages = await Promise.all(
      [
        'openresty/openresty:nosuch',
        'busybox:9.99',
        'nosuch',
        'nosuch.example/a/b',
        'x/y:does-not-exist',
        'nginx:1.161',
        'Bad Name',
      ].map(pull),
    )
    expect(messages).toEqual([
      `rpc error: code = NotFound desc = ${begin('docker.io/openresty/openresty:nosuch')}docker.io/openresty/openresty:nosuch: not found`,
      `rpc error: code = NotFound desc = ${begin('docker.io/library/busybox:9.99')}docker.io/library/busybox:9.99: not found`,
      `rpc error: code = Unknown desc = ${begin('docker.io/library/nosuch:latest')}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      `rpc error: code = Unknown desc = ${begin('nosuch.example/a/b:latest')}failed to do request: Head "https://nosuch.example/v2/a/b/manifests/latest": dial tcp: lookup nosuch.example: no such host`,
      expect.stringContaining('code = NotFound'),
      expect.stringContaining('docker.io/library/nginx:1.161: not found'),
      'couldn\'t parse image name "Bad Name": invalid reference format',
    ])
  })

  it.each(['1.27.1.2-1-alpine-fat', '1.25.3.2-bookworm-fat', '1.21-alpine', 'latest', 'alpine', 'bookworm', '1.27'])(
    'openresty has a plausible tag %s',
    async tag => {
      const { runtime } = createCluster()
      await expect(runtime.pull('node1', `openresty/openresty:${tag}`, signal)).resolves.toBeDefined()
    },
  )

  it('that are not in the catalogue idle, and say so', async () => {
    const box = createBox({ image: 'mysql:8' })
    expect(await box.logs()).toMatch(/^practice cluster: this image is not in the catalogue.*\n$/)
    expect((await box.sh('hostname')).out).toBe('box\n')
    expect(await box.container.stop(5000)).toMatchObject({ exitCode: 0 })
    const other = createBox({ image: 'python:3', command: ['python', '-m', 'http.server'] })
    expect(await other.logs()).toContain('"python -m http.server" does not really run here')
    const known = createBox({ image: 'ubuntu', command: ['sh', '-c', 'echo really'] })
    expect(await known.container.exited).toMatchObject({ exitCode: 0 })
    expect(await known.logs()).toBe('really\n')
  })
})

describe('a container', () => {
  it('starts command and args as Kubernetes combines them', async () => {
    const run = async (options: Parameters<typeof createBox>[0]) => {
      const box = createBox(options)
      await box.container.exited
      return box.logs()
    }
    expect(await run({ image: 'busybox', args: ['echo', 'args only'] })).toBe('args only\n')
    expect(await run({ command: ['echo'], args: ['a', 'b'] })).toBe('a b\n')
    expect(await run({ command: ['env'], env: { X: 'y' } })).toContain('HOSTNAME=box\nX=y\n')
    expect(await run({ image: 'busybox' })).toBe('')
  })

  it('ends with its program’s code', async () => {
    expect(await createBox({ command: ['sh', '-c', 'exit 3'] }).container.exited).toEqual({ exitCode: 3, reason: 'Error' })
    expect(await createBox({ command: ['true'] }).container.exited).toEqual({ exitCode: 0, reason: 'Completed' })
  })

  it('cannot start a command that is not there', () => {
    expect(() => createBox({ command: ['foo'] })).toThrow(
      'unable to start container process: error during container init: exec: "foo": executable file not found in $PATH',
    )
    expect(() => createBox({ command: ['/foo'] })).toThrow('exec: "/foo": stat /foo: no such file or directory')
  })

  it('ignores SIGTERM as process 1 without a handler, and is killed after its grace', async () => {
    const box = createBox()
    const begun = realClock.now()
    expect(await box.container.stop(200)).toEqual({ exitCode: 137, reason: 'Error' })
    expect(realClock.now() - begun).toBeGreaterThan(190)
    expect(await box.container.stop(0)).toEqual({ exitCode: 137, reason: 'Error' })
  })

  it('ends soon when it handles the signal', async () => {
    const box = createBox({ command: ['sh', '-c', 'trap "echo bye; exit 7" TERM; while true; do sleep 0.02; done'] })
    await sleep(50)
    expect(await box.container.stop(5000)).toEqual({ exitCode: 7, reason: 'Error' })
    expect(await box.logs()).toBe('bye\n')
  })

  it('takes all its processes with it', async () => {
    const box = createBox({ command: ['sh', '-c', 'sleep 0.1'] })
    const code = box.exec(['sleep', '100'])
    await box.container.exited
    expect((await code).code).toBe(137)
    expect(await failed(box.exec(['true']))).toBe('container not found ("box")')
  })

  it('protects process 1 from those inside', async () => {
    const box = createBox()
    expect((await box.sh('kill -9 1; kill 1; ps')).out).toContain('sleep 86400')
    expect((await box.sh('kill 999')).err).toContain('No such process')
  })

  it('shows volumes, its names and its resolver', async () => {
    const volume = createFileTree(realClock.now)
    volume.write('/default.conf', 'from a ConfigMap')
    const box = createBox({
      mounts: [
        { path: '/etc/nginx/conf.d/default.conf', volume, subPath: 'default.conf', readOnly: true },
        { path: '/data', volume, readOnly: false },
      ],
    })
    expect((await box.sh('cat /etc/nginx/conf.d/default.conf; hostname; cat /etc/hostname')).out).toBe(
      'from a ConfigMapbox\nbox\n',
    )
    expect((await box.sh('echo x > /etc/nginx/conf.d/default.conf')).err).toBe(
      "sh: can't create /etc/nginx/conf.d/default.conf: Read-only file system\n",
    )
    expect((await box.sh('tail -n 1 /etc/hosts; cat /etc/resolv.conf')).out).toBe(
      `${box.ip}\tbox\nsearch default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.43.0.10\noptions ndots:5\n`,
    )
  })

  it('starts cheaply, and a thousand idle ones weigh little', () => {
    const cluster = createCluster()
    const spec = {
      namespace: 'default',
      pod: 'p',
      podUid: 'u',
      name: 'c',
      image: 'pause:3.10',
      env: {},
      mounts: [],
      hostname: 'p',
      hostNetwork: false,
      tty: false,
      stdin: false,
    }
    const start = (index: number) => cluster.runtime.start({ ...spec, ip: `10.42.${index >> 8}.${index & 255}` })
    const kept = Array.from({ length: 50 }, (_, index) => start(index))
    const before = process.memoryUsage().heapUsed
    const begun = performance.now()
    for (let index = 0; index < 1000; index++) kept.push(start(index))
    const each = (performance.now() - begun) / 1000
    const bytes = (process.memoryUsage().heapUsed - before) / 1000
    expect(kept).toHaveLength(1050)
    // Aims: 0.2 ms and 20 kB; the limits leave room for a busy machine.
    expect(each).toBeLessThan(1)
    expect(bytes).toBeLessThan(60_000)
  })
})

describe('exec', () => {
  it('says in runc’s words what cannot be run', async () => {
    const box = createBox()
    const failing = async (program: string) =>
      (await failed(box.exec([program]))).replace(/"[\da-f]{64}"/, '"<id>"').replace(words, '')
    const words =
      'failed to exec in container: failed to start exec "<id>": OCI runtime exec failed: exec failed: ' +
      'unable to start container process: exec: '
    expect(await failing('foo')).toBe('"foo": executable file not found in $PATH')
    expect(await failing('/etc')).toBe('"/etc": is a directory')
    expect(await failing('/etc/passwd')).toBe('"/etc/passwd": permission denied')
  })

  it('keeps standard output and error apart, and passes input to its end', async () => {
    const box = createBox()
    expect(await box.sh('echo out; echo err >&2; exit 4')).toMatchObject({ code: 4, out: 'out\n', err: 'err\n' })
    expect(await box.exec(['wc', '-c'], 'x'.repeat(500_000))).toMatchObject({ out: '500000\n' })
    expect(await box.exec(['cat'])).toMatchObject({ code: 0, out: '' })
  })

  it('waits for a reader that is slow', async () => {
    const box = createBox()
    let written = 0
    let most = 0
    let taken = 0
    const code = await box.container.exec(['sh', '-c', 'seq 1 60000'], {
      stdout: async bytes => {
        written += bytes.length
        most = Math.max(most, written - taken)
        await sleep(1)
        taken += bytes.length
      },
      stderr: () => {},
      signal,
    })
    expect(code).toBe(0)
    expect(taken).toBe(written)
  })

  it('hangs up on a terminal that goes away', async () => {
    const box = createBox()
    const keyboard = createKeyboard()
    const gone = new AbortController()
    const code = box.container.exec(['sleep', '100'], { ...keyboard.streams, signal: gone.signal })
    await sleep(20)
    gone.abort()
    expect(await code).toBe(129)
  })
})

describe('logs', () => {
  const read = async (box: ReturnType<typeof createBox>, options: Partial<LogOptions> = {}) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of box.container.logs({ follow: false, timestamps: false, signal, ...options })) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  it('hold whole lines of both streams; tail, bytes, times', async () => {
    const box = createBox({ command: ['sh', '-c', 'echo one; echo two >&2; printf part'] })
    await box.container.exited
    expect(await read(box)).toBe('one\ntwo\npart')
    expect(await read(box, { tailLines: 2 })).toBe('two\npart')
    expect(await read(box, { tailLines: 0 })).toBe('')
    expect(await read(box, { limitBytes: 5 })).toBe('one\nt')
    expect(await read(box, { timestamps: true, tailLines: 1 })).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z part$/)
    expect(await read(box, { sinceMs: realClock.now() + 1000 })).toBe('')
  })

  it('are followed to the end of the container, or of the follower', async () => {
    const box = createBox({ command: ['sh', '-c', 'echo a; sleep 0.05; echo b; sleep 0.05; echo c'] })
    expect(await read(box, { follow: true })).toBe('a\nb\nc\n')
    const forever = createBox({ command: ['sh', '-c', 'echo x; sleep 100'] })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    expect(await read(forever, { follow: true, signal: stop.signal })).toBe('x\n')
  })

  it('keep only the newest mebibyte', async () => {
    const box = createBox({ command: ['sh', '-c', 'seq 1 400000'] })
    await box.container.exited
    const text = await read(box)
    expect(text.length).toBeLessThan(1024 * 1024 + 10)
    expect(text.length).toBeGreaterThan(700_000)
    expect(text.endsWith('399999\n400000\n')).toBe(true)
    expect(text).toMatch(/^\d+\n/)
  })

  it('take what is written to the main process’ descriptors', async () => {
    const box = createBox()
    await box.sh('echo hello > /proc/1/fd/1')
    expect(await read(box)).toBe('hello\n')
  })
})

describe('attach', () => {
  it('hears the main process, and speaks to it', async () => {
    const box = createBox({ command: ['sh', '-c', 'read x; echo "got $x"'], stdin: true })
    const keyboard = createKeyboard()
    const attached = box.container.attach(keyboard.streams)
    keyboard.type('word\n')
    await attached
    expect(keyboard.screen()).toBe('got word\n')
    expect(await box.logs()).toBe('got word\n')
  })

  it('gives a terminal to a container that has one', async () => {
    const box = createBox({ command: ['sh'], stdin: true, tty: true })
    const keyboard = createKeyboard()
    const attached = box.container.attach(keyboard.streams)
    keyboard.type('echo $((6*7))\rexit 5\r')
    await attached
    expect(keyboard.screen()).toContain('\r\n42\r\n')
    expect(await box.container.exited).toEqual({ exitCode: 5, reason: 'Error' })
  })
})
