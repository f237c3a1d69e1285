// What the runner costs: a whole lesson done by it in the learner's terminal, beside a shell script of the same commands that waits for
// the same effects; median of several runs of each. `npm run bench -- lessons` asks for it: it wants the machine to itself.

import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { LessonProgress } from '../../electron/contract/lessons.ts'
import { parseLesson } from '../../electron/lessons/index.ts'
import type { LessonsService } from '../../electron/services/lessons.ts'
import { openClassroom } from './classroom.ts'

const asked = process.env.KHW_PACE
const id = asked ?? '02-deployment'
const runs = 3
/** What a check sees and its command does not wait for, as a script waits for it. */
const waits: Readonly<Record<string, string>> = {
  'all-gone': 'kubectl wait --for=delete pod --all --timeout=60s',
  'five-left': 'until [ "$(kubectl get pods -o name | wc -l)" = 5 ]; do sleep 0.1; done',
}
const limit = 1.1

const texts = Object.fromEntries(
  readdirSync(`manifests/${id}`).map(name => [name, readFileSync(`manifests/${id}/${name}`, 'utf8')]),
)
const lesson = parseLesson(id, texts)
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const context = { signal: new AbortController().signal }

/** Resolves once the page that looks at the lesson would show this. */
const seen = async (lessons: LessonsService, holds: (progress: LessonProgress) => boolean): Promise<void> => {
  const signal = AbortSignal.timeout(60_000)
  for await (const progress of lessons.progress({ lesson: id, language: 'en' }, { signal })) if (holds(progress)) return
  throw new Error('the lesson did not get there')
}

const title = `${id} takes no more than ${limit} of the time of the same commands in a shell script`

test.skipIf(asked === undefined)(
  asked === undefined ? `${title} (skipped: timed only by npm run bench -- lessons)` : title,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'khw-pace-'))
    const reported: unknown[] = []
    const { clusters, terminal, createLessons } = openClassroom(folder, error => reported.push(error))
    const lessons = createLessons()
    try {
      await clusters.use('practice')
      const { env } = await clusters.ready()
      await lessons.get({ lesson: id, language: 'en' }, context)
      const { id: tab } = await terminal.open({ cols: 100, rows: 30 }, context)
      const taught = async (): Promise<number> => {
        await seen(lessons, ({ tasks }) => tasks[0]?.state === 'now')
        const start = performance.now()
        for (const task of lesson.tasks) {
          await lessons.solve({ lesson: id, task: task.id, terminal: tab }, context)
          await seen(lessons, ({ tasks }) => tasks.find(each => each.id === task.id)?.state === 'done')
        }
        const ms = performance.now() - start
        await lessons.reset({ lesson: id }, context)
        return ms
      }
      const script = join(folder, 'script.sh')
      const lines = lesson.tasks.flatMap(({ actions }) =>
        actions.flatMap(({ text, passes }) => [text, ...passes.flatMap(check => waits[check] ?? [])]),
      )
      writeFileSync(script, lines.join('\n'))
      const scripted = async (): Promise<number> => {
        const start = performance.now()
        await promisify(execFile)('bash', [script], { cwd: join(folder, 'lessons', id), env: { ...process.env, ...env } })
        return performance.now() - start
      }
      // each has been done once before it counts: kubectl has learnt the API, images are there
      await taught()
      await scripted()
      const times: { taught: number; scripted: number }[] = []
      for (let run = 0; run < runs; run++) times.push({ scripted: await scripted(), taught: await taught() })
      const ratio = middle(times.map(each => each.taught)) / middle(times.map(each => each.scripted))
      console.log(
        `${id}: ${times.map(each => `${Math.round(each.taught)} ms taught, ${Math.round(each.scripted)} scripted`).join('; ')}; ratio of the medians ${ratio.toFixed(3)}`,
      )
      expect(ratio).toBeLessThan(limit)
      expect(reported).toEqual([])
    } finally {
      await lessons.close()
      terminal.closeAll()
      await clusters.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  400_000,
)
