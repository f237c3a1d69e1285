// `khw lesson new`: a small lesson that already verifies, to be rewritten piece by piece.

import { join, resolve } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { listFolder, readTexts, writeWhole } from '../../platform/files.ts'
import { createLessonFiles, ownLessons } from '../../services/lesson-files.ts'
import type { CommandContext } from '../program.ts'

/** The next number that is free among all lessons that will stand beside it; 99 is the end of the course. */
const nextNumber = (ids: readonly string[]): string => {
  const taken = new Set(ids.map(id => Number(id.slice(0, 2))))
  const free = Array.from({ length: 98 }, (_, index) => index + 1).find(
    number => !taken.has(number) && ![...taken].some(other => other > number && other < 99),
  )
  return String(free ?? 98).padStart(2, '0')
}

/** @throws AppError request.invalid where the name cannot be one or is taken, storage.unwritable */
export const newLesson = async (asked: string, dir: string | undefined, context: CommandContext): Promise<void> => {
  const { app, say, tell, t } = context
  const root = resolve(dir ?? ownLessons(context.user()))
  const [, number, name = ''] = /^(?:(\d\d)-)?([a-z][a-z0-9-]{0,40}[a-z0-9])$/.exec(asked) ?? []
  if (name === '') throw new AppError('request.invalid', { problem: `${asked}: a-z, 0-9, -` })
  const ids = await createLessonFiles(app.manifests, root, [root, ownLessons(context.user())]).ids()
  const id = `${number ?? nextNumber(ids)}-${name}`
  const folder = join(root, id)
  if (ids.includes(id) || (await listFolder(folder)).length > 0)
    throw new AppError('request.invalid', { problem: `${id}: ${folder}` })
  const { texts } = await readTexts(join(app.resources, 'lesson-template'), { files: 20, bytes: 65_536 })
  for (const [file, text] of texts)
    await writeWhole(join(folder, file.replace('NAME', name)), text.replaceAll('{{name}}', name).replaceAll('{{id}}', id), 0o644)
  tell({ lesson: id, folder })
  const where = dir === undefined ? '' : ` --lessons ${root}`
  say(t('lessons:command.made', { id, folder, where }))
}
