// Images whose programs the practice cluster does not have: the container starts, says so in its log, and idles.

import { alpineImage, busyboxPrograms, unpackBusybox } from './busybox.ts'
import { executable, type Image, type Program } from './program.ts'

/** Waits for the end; a program that minds its manners ends at SIGTERM. */
export const idle: Program = async (io, container) => {
  const ended = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT']) io.handle(signal, () => ended.abort())
  const stop = AbortSignal.any([ended.signal, io.signal])
  while (!stop.aborted) await container.sleep(86_400_000, stop).catch(() => {})
  return 0
}

const explainAndIdle: Program = async (io, container) => {
  const command = io.argv.length > 0 ? `"${io.argv.join(' ')}"` : 'its program'
  await io.stdout(
    `practice cluster: this image is not in the catalogue, so ${command} does not really run here; the container just stays up.\n`,
  )
  return idle(io, container)
}

export const unknownImage: Image = {
  ...alpineImage,
  name: '',
  preloaded: [],
  sizeBytes: 30_000_000,
  command: [],
  idle: { milliCpu: 1, memoryBytes: 20 * 2 ** 20 },
  unpack: unpackBusybox,
  programs: busyboxPrograms,
  fallback: explainAndIdle,
}

export const pauseImage: Image = {
  name: 'pause',
  preloaded: ['3.10', '3.9', 'latest'],
  sizeBytes: 318_000,
  entrypoint: ['/pause'],
  command: [],
  env: {},
  workingDir: '/',
  unpack: files => files.write('/pause', executable('pause'), 0o755),
  programs: { pause: idle },
}
