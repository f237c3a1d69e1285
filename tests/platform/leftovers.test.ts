import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openUserFolders } from '../../electron/platform/paths.ts'

test('what killed processes left in the runtime folder goes at the next start, and nothing else', () => {
  const home = mkdtempSync(join(tmpdir(), 'leftovers-'))
  try {
    const env = { HOME: home, XDG_RUNTIME_DIR: home }
    const { runtime } = openUserFolders(env)
    const gone = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))
    for (const pid of [gone, process.pid]) {
      mkdirSync(join(runtime, `clusters-${pid}`))
      writeFileSync(join(runtime, `clusters-${pid}`, 'config'), 'secret')
      writeFileSync(join(runtime, `practice-${pid}.kubeconfig`), 'secret')
    }
    writeFileSync(join(runtime, `notes-${gone}`), 'mine')
    openUserFolders(env)
    expect(readdirSync(runtime).sort()).toEqual(
      [`clusters-${process.pid}`, `notes-${gone}`, `practice-${process.pid}.kubeconfig`].sort(),
    )
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
