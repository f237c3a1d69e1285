// The images that a MicroK8s snap needs, read from the snap itself: lists beside it have been wrong.

import { dirname, join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { makeFolder, readText, remove } from '../../platform/files.ts'
import { run } from '../../platform/run.ts'
import { imagesIn } from './references.ts'

/** @param folder a place for the unpacked files; removed afterwards. @throws AppError bundle.images */
export const imagesOfSnap = async (
  snap: string,
  files: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<string[]> => {
  await remove(folder)
  // unsquashfs makes only the last folder of the path.
  await makeFolder(dirname(folder))
  try {
    const argv = ['unsquashfs', '-no-progress', '-no-xattrs', '-force', '-dest', folder, snap, ...files] as const
    const { code, stdout, stderr } = await run(argv, signal ? { signal } : {})
    const texts = await Promise.all(files.map(async file => ({ file, text: await readText(join(folder, file)) })))
    // Its code is not 0 for owners that only root can give files; what counts is that the files are there.
    const missing = texts.filter(({ text }) => text === undefined).map(({ file }) => file)
    if (missing.length === files.length)
      throw new AppError('bundle.images', {
        problem: `unsquashfs (${code}): ${(stderr || stdout).trim().split('\n').at(-1) ?? ''}`,
      })
    if (missing.length > 0) throw new AppError('bundle.images', { problem: `${snap}: ${missing.join(', ')}` })
    const images = imagesIn(texts.map(({ text }) => text ?? ''))
    if (images.length === 0) throw new AppError('bundle.images', { problem: snap })
    return images
  } finally {
    await remove(folder)
  }
}
