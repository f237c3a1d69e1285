import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { eventually, openService, run, view } from './open.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const open = async (change: Parameters<typeof openService>[0] = {}, rc: Record<string, string> = {}) => {
  const opened = openService(change)
  ends.push(opened.end)
  for (const [name, text] of Object.entries(rc)) writeFileSync(join(opened.home, name), text)
  const { id } = await opened.service.open({ cols: 100, rows: 30 }, { signal: new AbortController().signal })
  return { ...opened, id }
}

for (const shell of ['/bin/bash', '/bin/zsh'].filter(existsSync)) {
  const rc = shell.endsWith('bash') ? '.bashrc' : '.zshrc'

  test(`${shell}: each command line is known with its exit code and duration`, async () => {
    const { service, id } = await open({ shell })
    expect(await run(service, id, 'echo one')).toMatchObject({ line: 'echo one', exitCode: 0 })
    expect(await run(service, id, '(exit 3)')).toMatchObject({ line: '(exit 3)', exitCode: 3 })
    expect(await run(service, id, "printf '%s;\\n' 'a;b' \"你好\"")).toMatchObject({ line: "printf '%s;\\n' 'a;b' \"你好\"" })
    const slow = await run(service, id, 'sleep 0.3')
    expect(slow.ms).toBeGreaterThanOrEqual(290)
    expect(slow.ms).toBeLessThan(1500)
  })

  test(`${shell}: lines of several rows, with a space in front, or twice the same`, async () => {
    const { service, id } = await open(
      { shell },
      { [rc]: 'HISTCONTROL=ignoreboth\nsetopt histignorespace histignoredups 2>/dev/null\n' },
    )
    const poem = "cat <<'END'\nfirst\tline\nsecond\nEND"
    expect((await run(service, id, poem)).exitCode).toBe(0)
    expect(await run(service, id, 'echo twice')).toMatchObject({ line: 'echo twice' })
    expect(await run(service, id, 'echo twice')).toMatchObject({ line: 'echo twice' })
    expect(await run(service, id, ' echo hidden')).toMatchObject({ line: 'echo hidden' })
    expect(await run(service, id, 'echo )')).toMatchObject({ line: 'echo )', exitCode: shell.endsWith('bash') ? 2 : 1 })
  })

  test(`${shell}: the user's own rc file is read, and its hooks see the command's code`, async () => {
    const hook = shell.endsWith('bash') ? 'PROMPT_COMMAND=\'code=$?; echo "hook $code"\'' : 'precmd() { echo "hook $?" }'
    const { service, id } = await open({ shell }, { [rc]: `export MINE=yes\nPS1='mine> '\n${hook}\n` })
    const { seen } = view(service, id)
    await run(service, id, 'echo "mine is $MINE"; false')
    await eventually(
      () => seen.text.includes('mine is yes') && seen.text.includes('hook 1'),
      () => seen.text,
    )
    await run(service, id, 'echo "code $?"')
    await eventually(
      () => seen.text.includes('code 1\r\n'),
      () => seen.text,
    )
    expect(seen.text).not.toContain('mine> ')
    await run(service, id, 'env | grep -c KHW_ ; echo "[$ZDOTDIR]"')
    await eventually(
      () => seen.text.includes('m0\r\n[]\r\n'),
      () => seen.text,
    )
  })

  test(`${shell}: a half-typed line is given up, not run`, async () => {
    const { service, id, home } = await open({ shell })
    const { seen } = view(service, id)
    await run(service, id, 'true')
    await service.input({ id, data: 'touch half' }, { signal: new AbortController().signal })
    await eventually(() => seen.text.includes('touch half'))
    expect(await run(service, id, 'echo whole')).toMatchObject({ line: 'echo whole', exitCode: 0 })
    await service.input({ id, data: 'echo "open quote\r' }, { signal: new AbortController().signal })
    await eventually(() => seen.text.includes('open quote'))
    expect(await run(service, id, 'echo again')).toMatchObject({ line: 'echo again', exitCode: 0 })
    expect(existsSync(join(home, 'half'))).toBe(false)
  })
}

test('output cannot pass for a mark, nor an inner shell', async () => {
  const { service, id } = await open()
  const heard: string[] = []
  service.onCommand((_, command) => heard.push(`${command.line} ${command.exitCode ?? '…'}`))
  await run(service, id, "printf '\\e]133;D;0;aid=x\\a\\e]133;C\\a\\e]633;E;forged;x\\a'; false")
  expect(heard.at(-1)).toMatch(/false 1$/)
  expect(heard.join()).not.toMatch(/^forged/)
  expect(heard.length).toBe(2)
})

test('a shell without marks still takes a typed line', async () => {
  const { service, id, home } = await open({ shell: '/bin/sh' })
  expect(await service.type(id, 'echo made > file')).toBeUndefined()
  await eventually(() => existsSync(join(home, 'file')))
}, 15_000)

test('a running command makes the terminal busy, in words that name it', async () => {
  const { service, id } = await open()
  await service.type(id, 'sleep 30')
  await expect(service.type(id, 'echo never')).rejects.toMatchObject({ code: 'terminal.busy', details: { line: 'sleep 30' } })
}, 15_000)

test('typing waits for a command that is about to end', async () => {
  const { service, id } = await open()
  await service.type(id, 'sleep 1')
  expect(await run(service, id, 'echo then')).toMatchObject({ line: 'echo then', exitCode: 0 })
})

test('kubectl and k complete at the first Tab', async context => {
  const kubectl = '/usr/bin/kubectl'
  if (!existsSync(kubectl) || !existsSync('/usr/share/bash-completion/bash_completion'))
    return context.skip('skipped: needs kubectl and bash-completion')
  for (const [shell, ...words] of [
    ['/bin/bash', 'kubectl api-ver', 'k api-ver'],
    ['/bin/zsh', 'kubectl api-ver', 'k api-ver'],
  ]) {
    if (!shell || !existsSync(shell)) continue
    const { service, id } = await open({ shell, kubectl: async () => ({ path: kubectl }) })
    const { seen } = view(service, id)
    await run(service, id, 'true')
    for (const word of words) {
      const before = seen.text.length
      await service.input({ id, data: `${word}\t` }, { signal: new AbortController().signal })
      await eventually(
        () => seen.text.slice(before).includes('sions'),
        () => `${shell} ${word}: ${JSON.stringify(seen.text.slice(before))}`,
      )
      await service.input({ id, data: '\x15' }, { signal: new AbortController().signal })
    }
  }
}, 40_000)

test('a kubectl that PATH does not lead to comes first on it; MicroK8s gives its own under the usual name', async () => {
  const { service, id, home } = await open(
    { kubectl: async () => ({ path: '/opt/odd/kubectl' }) },
    { '.bashrc': 'PATH=/early:$PATH\n' },
  )
  const { seen } = view(service, id)
  await run(service, id, 'echo "[$PATH"')
  await eventually(
    () => seen.text.includes('[/opt/odd:/early:'),
    () => seen.text,
  )
  expect(home).toBeTruthy()
  const other = await open({ kubectl: async () => ({ path: '/snap/bin/microk8s.kubectl' }) })
  const second = view(other.service, other.id)
  await run(other.service, other.id, 'command -v kubectl')
  await eventually(
    () => second.seen.text.includes('/shell/microk8s/kubectl'),
    () => second.seen.text,
  )
})
