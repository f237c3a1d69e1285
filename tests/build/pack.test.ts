// The packages, made with stand-ins for what only GitHub has: what is in them, for whom, and that it runs from there.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installed } from '../../build/pack/places.ts'
import { root } from '../../build/steps.ts'
import { installedHelper } from '../../electron/installer/privilege.ts'
import { run } from '../../electron/platform/run.ts'
import { controlOf, extractArchive, listDeb, type Packed, packStub, readArchive, readFuses, unpackDeb } from './packed.ts'

let folder = ''
let packed: Packed
let place = ''
let resources = ''
const env = () => ({ PATH: process.env.PATH ?? '', HOME: join(folder, 'home'), LANG: 'en_US.UTF-8' })

beforeAll(async () => {
  packed = await packStub()
  folder = mkdtempSync(join(tmpdir(), 'khw-packed-'))
  place = join(folder, 'deb')
  await unpackDeb(packed.deb, place)
  resources = join(place, installed.resources)
  mkdirSync(join(folder, 'home'))
}, 300_000)
afterAll(() => {
  packed?.rm()
  rmSync(folder, { recursive: true, force: true })
})

const text = (path: string) => readFileSync(join(place, path), 'utf8')

describe('the .deb', () => {
  it('belongs to root, lets everybody read and nobody else write, and grants no rights by a bit', async () => {
    const files = await listDeb(packed.deb)
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter(({ owner }) => owner !== 'root/root')).toEqual([])
    expect(files.filter(({ mode }) => !/^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x)$/.test(mode))).toEqual([])
  })

  it('has programs exactly where programs are', async () => {
    const programs = (await listDeb(packed.deb)).filter(({ mode }) => mode.startsWith('-rwx')).map(({ path }) => path)
    expect(programs.sort()).toEqual([
      '/opt/kubernetes-hello-world/chrome-sandbox',
      '/opt/kubernetes-hello-world/chrome_crashpad_handler',
      '/opt/kubernetes-hello-world/kubernetes-hello-world',
      '/opt/kubernetes-hello-world/resources/app.asar.unpacked/node_modules/node-pty/build/Release/pty.node',
      '/opt/kubernetes-hello-world/resources/node',
      '/opt/kubernetes-hello-world/resources/resources/shell/microk8s/kubectl',
      '/usr/bin/khw',
      '/usr/lib/kubernetes-hello-world/setup-helper',
    ])
  })

  it('carries lessons, words, slides, the lock of the bundle, and nothing of the workshop', async () => {
    const paths = (await listDeb(packed.deb)).map(({ path }) => path)
    for (const path of ['manifests/01-pod/lesson.yaml', 'resources/locales/zh-CN/cli.json', 'snaps/bundle.lock.json'])
      expect(paths).toContain(`${installed.resources}/${path}`)
    expect(paths).toContain('/usr/share/doc/kubernetes-hello-world/copyright')
    expect(paths.filter(path => /\.map$|\.ts$|test|\.built-from|node-addon-api|prebuilds|third_party/.test(path))).toEqual([])
    // Nothing that was compiled or bundled here may tell where.
    for (const file of ['app.asar', 'app.asar.unpacked/out/electron/khw.js', 'app.asar.unpacked/package.json'])
      expect(readFileSync(join(resources, file), 'latin1').includes(root), file).toBe(false)
  })

  it('has in its archive what Electron itself reads, and the rest beside it', () => {
    const { inside, beside } = readArchive(join(resources, 'app.asar'))
    expect(inside.sort()).toEqual(['out/electron/main.js', 'out/electron/preload.cjs', 'package.json'])
    // The helper too: from an AppImage, where nothing is installed, it is staged from here.
    expect(beside).toEqual(
      expect.arrayContaining(['out/electron/khw.js', 'out/electron/practice.js', 'out/electron/setup-helper.cjs']),
    )
    for (const path of beside) expect(existsSync(join(resources, 'app.asar.unpacked', path)), path).toBe(true)
  })

  it('asks for what Ubuntu 22.04 to 26.04 have, by either name', async () => {
    const { Package: name, Depends: depends = '', Recommends: recommends, Architecture: arch } = await controlOf(packed.deb)
    expect({ name, recommends }).toEqual({ name: 'kubernetes-hello-world', recommends: 'snapd' })
    expect(arch).toBe(process.arch === 'arm64' ? 'arm64' : 'amd64')
    const groups = depends.split(', ')
    expect(groups).toEqual(expect.arrayContaining(['libgtk-3-0t64 | libgtk-3-0', 'pkexec | policykit-1', 'libnss3']))
    expect(groups[0]).toMatch(/^libc6 \(>= 2\.\d\d\)$/)
    expect(groups.filter(group => /t64/.test(group) && !/^(\S+)t64 \| \1$/.test(group))).toEqual([])
  })

  it('stands in the menu in both languages, with an icon in every size', () => {
    const entry = text('usr/share/applications/kubernetes-hello-world.desktop')
    for (const line of [
      'Exec=/opt/kubernetes-hello-world/kubernetes-hello-world %U',
      'Icon=kubernetes-hello-world',
      'StartupWMClass=kubernetes-hello-world',
      'Name=Kubernetes Hello World',
    ])
      expect(entry.split('\n')).toContain(line)
    expect(entry).toMatch(/^Comment\[zh_CN\]=.*断网也行/m)
    for (const size of [16, 32, 48, 128, 256, 512]) {
      const icon = readFileSync(join(place, `usr/share/icons/hicolor/${size}x${size}/apps/kubernetes-hello-world.png`))
      expect(icon.toString('latin1', 1, 4)).toBe('PNG')
      expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([size, size])
    }
  })

  it('has a helper that starts by the Node that came along, and an action for exactly it in both languages', () => {
    expect(installed.helper).toBe(installedHelper)
    expect(text(installed.helper).split('\n', 1)[0]).toBe(`#!${installed.node}`)
    expect(existsSync(join(place, installed.node))).toBe(true)
    const policy = text(installed.policy)
    expect(policy).toContain(`<annotate key="org.freedesktop.policykit.exec.path">${installedHelper}</annotate>`)
    expect(policy).toContain('action id="io.github.kubernetes_hello_world.setup"')
    for (const name of ['description', 'message'])
      expect(policy.match(new RegExp(`<${name}(?: xml:lang="zh_CN")?>[^<]+<`, 'g'))).toHaveLength(2)
    expect(policy.match(/<allow_\w+>(\w+)</g)).toEqual(['any', 'inactive', 'active'].map(name => `<allow_${name}>auth_admin<`))
  })

  it('grants user namespaces to its own program, and to no other', () => {
    const profile = text(`${installed.resources}/apparmor-profile`)
    expect(profile).toMatch(
      /^profile kubernetes-hello-world \/opt\/kubernetes-hello-world\/kubernetes-hello-world flags=\(unconfined\)/m,
    )
  })

  it('has maintainer scripts that a plain shell reads, and no macro left in them', async () => {
    for (const name of ['postinst', 'prerm', 'postrm']) {
      const path = join(place, 'DEBIAN', name)
      expect(statSync(path).mode & 0o777).toBe(0o755)
      expect(readFileSync(path, 'utf8')).toMatch(/^#!\/bin\/sh\n/)
      expect(readFileSync(path, 'utf8')).not.toMatch(/\$\{/)
      expect(await run(['sh', '-n', path])).toMatchObject({ code: 0, stderr: '' })
    }
  })

  it("has Electron's fuses as we want them", () => {
    // Run as Node, cookies, NODE_OPTIONS, inspect, integrity (Linux has none), only the archive, snapshot, file privileges, traps.
    expect(readFuses(join(place, installed.app, 'kubernetes-hello-world'))).toBe('010001001')
  })
})

describe('the application from the .deb, with the Node that came along', { timeout: 60_000 }, () => {
  const entry = () => join(resources, 'app.asar.unpacked/out/electron/khw.js')
  const khw = async (...words: string[]) => {
    const { code, stdout, stderr } = await run([join(resources, 'node'), entry(), ...words], { env: env(), timeout: 60_000 })
    if (stdout === '') throw new Error(`khw ${words.join(' ')} ended with ${code}: ${stderr}`)
    return stdout
  }
  /** Runs until the work with its first line is done. */
  const during = async (words: string[], work: (line: string) => Promise<void>) => {
    const child = spawn(join(resources, 'node'), [entry(), ...words], { env: env(), stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise<never>((_, fail) =>
      child.once('exit', code => fail(new Error(`khw ${words[0]} ended with ${code}`))),
    )
    const line = new Promise<string>(done => createInterface({ input: child.stdout }).once('line', done))
    try {
      await work(await Promise.race([line, ended]))
    } finally {
      child.kill('SIGTERM')
      await ended.catch(() => {})
    }
  }

  it('is what /usr/bin/khw starts', () => {
    const launcher = text('usr/bin/khw')
    expect(launcher).toContain(`app=${installed.resources}\n`)
    expect(launcher).toContain('exec "$app/node" "$app/app.asar.unpacked/out/electron/khw.js" "$@"')
  })

  it('finds this machine fit: khw doctor', async () => {
    const { checks } = JSON.parse(await khw('doctor', '--json')) as { checks: { id: string; state: string; seen: string }[] }
    const of = (id: string) => checks.find(check => check.id === id)
    expect(of('practice')).toMatchObject({ state: 'ok' })
    expect(of('node')).toMatchObject({ state: 'ok', seen: expect.stringContaining(join(resources, 'node')) })
  })

  it('serves a practice cluster to a kubectl: khw practice', async () => {
    const kubeconfig = join(folder, 'practice.yaml')
    await during(['practice', '--json', '--kubeconfig', kubeconfig], async () => {
      const { code, stdout } = await run(['kubectl', '--kubeconfig', kubeconfig, 'get', 'nodes', '-o', 'name'], { env: env() })
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'node/node1\nnode/node2\n' })
    })
  })

  it('serves the page: khw serve', async () => {
    await during(['serve', '--json', '--no-open'], async line => {
      const { url } = JSON.parse(line) as { url: string }
      const first = await fetch(url, { redirect: 'manual' })
      const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
      const page = await fetch(new URL('/', url), { headers: { cookie } })
      expect({ status: page.status, text: await page.text() }).toMatchObject({
        status: 200,
        text: expect.stringContaining('id="root"'),
      })
    })
  })

  it('plans Setup, and reads lessons: khw setup plan, khw lesson', async () => {
    const plan = await khw('setup', 'plan', '--json')
    const steps = (JSON.parse(plan.split('\n')[0] ?? '') as { plan: { id: string }[] }).plan.map(({ id }) => id)
    expect(steps).toEqual(expect.arrayContaining(['forwarding', 'microk8s', 'kubeconfig', 'hello']))
    expect(await khw('lesson', 'list')).toContain('01-pod')
  })

  it('opens its window with the practice cluster and Setup started from beside the archive', async () => {
    const app = join(folder, 'window/resources')
    mkdirSync(app, { recursive: true })
    await extractArchive(join(resources, 'app.asar'), join(app, 'app.asar'))
    for (const name of readdirSync(resources).filter(name => name !== 'app.asar'))
      symlinkSync(join(resources, name), join(app, name))
    const argv = [
      process.execPath,
      join(import.meta.dirname, 'window.ts'),
      join(app, 'app.asar/out/electron/main.js'),
      join(app, 'node'),
    ] as const
    const { code, stdout, stderr } = await run(argv, {
      env: { ...env(), XDG_RUNTIME_DIR: join(folder, 'home') },
      timeout: 60_000,
    })
    expect(code, stderr).toBe(0)
    const seen = JSON.parse(stdout) as {
      forked: string[]
      use: unknown
      terminal: string
      page: { status: number; text: string }
    }
    expect(seen.forked).toEqual([join(app, 'app.asar.unpacked/out/electron/practice.js')])
    expect(seen.use).toMatchObject({ type: 'result' })
    expect(seen.page).toMatchObject({ status: 200, text: expect.stringContaining('id="root"') })
    expect(seen.terminal).not.toContain('KHW-')
  })
})

describe('the AppImage', () => {
  it('carries the same, under a runtime, with a way in', async () => {
    const { code, stdout } = await run(['unsquashfs', '-o', '65536', '-lln', packed.appImage])
    expect(code).toBe(0)
    const paths = stdout.split('\n').map(line => /squashfs-root\/(.+)$/.exec(line)?.[1] ?? '')
    for (const path of [
      'AppRun',
      'kubernetes-hello-world.desktop',
      'kubernetes-hello-world',
      'resources/node',
      'resources/app.asar',
    ])
      expect(paths.map(name => name.replace(/ ->.*/, ''))).toContain(path)
    expect(stdout.split('\n').filter(line => /^-r[w-]s/.test(line))).toEqual([])
  })
})
