// The image redis: server and client over the small programs of Alpine.

import { alpineImage, busyboxPrograms } from '../busybox.ts'
import { executable, type Image, type Program } from '../program.ts'
import { redisCli } from './cli.ts'
import { redisServer, version } from './server.ts'

/** Options alone are for the server, as in the image's own script. */
const entrypoint: Program = io => {
  const args = io.argv.slice(1)
  const isServer = args[0] === undefined || args[0].startsWith('-') || args[0].endsWith('.conf')
  return io.become({ ...io, argv: isServer ? ['redis-server', ...args] : args })
}

export const redisImage: Image = {
  ...alpineImage,
  name: 'library/redis',
  tags: /^(latest|alpine|bookworm|bullseye|buster|trixie|\d{1,2}(\.\d{1,2}){0,2}(-rc\d*)?)(-?(alpine|bookworm|bullseye|buster|stretch|trixie|alpine\d\.\d{1,2}|32bit))?$/,
  preloaded: ['alpine', '7-alpine'],
  sizeBytes: 17_200_000,
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  env: { ...alpineImage.env, REDIS_VERSION: version },
  workingDir: '/data',
  idle: { milliCpu: 2, memoryBytes: 6.5 * 2 ** 20 },
  unpack(files) {
    alpineImage.unpack(files)
    files.makeDirectory('/usr/local/bin')
    files.makeDirectory('/data')
    files.write('/usr/local/bin/redis-server', executable('redis-server'), 0o755)
    files.write('/usr/local/bin/redis-cli', executable('redis-cli'), 0o755)
    files.write('/usr/local/bin/docker-entrypoint.sh', executable('docker-entrypoint.sh'), 0o755)
  },
  programs: { ...busyboxPrograms, 'redis-server': redisServer, 'redis-cli': redisCli, 'docker-entrypoint.sh': entrypoint },
}
