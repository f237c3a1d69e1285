import { afterEach, expect, test } from 'vitest'
import { eventually, openService, view } from './open.ts'

let end = () => {}
afterEach(() => end())

test('a program of ours runs in a terminal of its own: it can ask, hear the answer, and ends with its code', async () => {
  const opened = openService()
  end = opened.end
  const { service, home } = opened
  const script = 'printf "word: " > /dev/tty; read -r word < /dev/tty; echo "heard $word in $PLACE"; exit 3'
  const id = service.openProgram({
    program: 'setup',
    title: 'Setup',
    argv: ['/bin/sh', '-c', script],
    env: { PLACE: 'here' },
    cwd: home,
    cols: 80,
    rows: 24,
  })
  const { seen, done } = view(service, id)
  await eventually(() => seen.text.includes('word: '))
  service.input({ id, data: 'open\r' }, { signal: new AbortController().signal })
  await done
  expect(seen.text).toContain('heard open in here')
  expect(seen.exit).toBe(3)
  for await (const sessions of service.sessions({}, { signal: new AbortController().signal })) {
    if (sessions[0]?.running) continue
    expect(sessions).toEqual([{ id, title: 'Setup', cluster: null, cwd: home, program: 'setup', running: false, exitCode: 3 }])
    break
  }
})
