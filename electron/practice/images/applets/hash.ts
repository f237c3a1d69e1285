// base64 and the checksums.

import { createHash } from 'node:crypto'
import { FileError } from '../files.ts'
import { readWhole } from '../streams.ts'
import type { Applet } from './context.ts'

export const base64: Applet = async context => {
  const options = context.options('dw:D', { decode: 'd', wrap: 'w' })
  return context.each(options.rest, async input => {
    const bytes = Buffer.from(await readWhole(input))
    if (options.has('d') || options.has('D'))
      return context.out(Buffer.from(bytes.toString('latin1').replace(/\s/g, ''), 'base64'))
    const text = bytes.toString('base64')
    const width = Number(options.value('w') ?? 76)
    await context.out(width > 0 ? text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n') : text)
  })
}

/** The checksum program that its name tells: md5sum, sha1sum, sha256sum, sha512sum. */
export const checksum: Applet = async context => {
  const algorithm = context.name.replace('sum', '')
  const options = context.options('cs')
  const sum = (bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex')
  if (!options.has('c')) {
    return context.each(options.rest, async (input, name) => context.out(`${sum(await readWhole(input))}  ${name}\n`))
  }
  let wrong = 0
  await context.each(options.rest, async input => {
    for (const line of new TextDecoder().decode(await readWhole(input)).split('\n')) {
      const [, wanted, name] = /^([0-9a-f]+) [ *](.+)$/.exec(line) ?? []
      if (!wanted || !name) continue
      let same = false
      try {
        same = sum(context.files.read(context.path(name))) === wanted
      } catch (error) {
        if (!(error instanceof FileError)) throw error
      }
      if (!same) wrong++
      if (!options.has('s')) await context.out(`${name}: ${same ? 'OK' : 'FAILED'}\n`)
    }
  })
  return wrong > 0 ? context.fail(`WARNING: ${wrong} of the computed checksums did NOT match`) : 0
}
