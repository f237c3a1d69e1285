// Web servers that the tutorials of Kubernetes use: hpa-example, whose every answer costs CPU, and hello-app.

import { alpineImage, busyboxPrograms, unpackBusybox } from './busybox.ts'
import { executable, type Image } from './program.ts'
import { webServer } from './web-server.ts'

/** `22/Nov/2026:14:18:03 +0000`, as Apache's log has it. */
const apacheTime = (now: number): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(now).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

/** A square root, a million times over. */
const squareRootsMs = 20

const apache = webServer({
  port: () => 80,
  costMs: squareRootsMs,
  answer: ({ path }) => {
    const headers = { Server: 'Apache/2.4.25 (Debian)', 'X-Powered-By': 'PHP/5.6.40', 'Content-Type': 'text/html; charset=UTF-8' }
    if (path === '/' || path === '/index.php') return { headers, body: 'OK!' }
    return {
      status: 404,
      headers,
      body: `<h1>Not Found</h1>\n<p>The requested URL ${encodeURI(path)} was not found on this server.</p>\n`,
    }
  },
  greeting: (_, { ip }) =>
    `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${ip}. Set the 'ServerName' directive globally to suppress this message\n`,
  log: (request, socket, { status = 200, body }, container) =>
    `${socket.remoteAddress} - - [${apacheTime(container.now())}] "${request.method} ${request.url} HTTP/${request.httpVersion}" ${status} ${body.length} "-" "${request.headers['user-agent'] ?? '-'}"\n`,
})

/** Answers `OK!`; the image of the tutorial about autoscaling. */
export const hpaExampleImage: Image = {
  ...alpineImage,
  name: 'hpa-example',
  tags: /^latest$/,
  sizeBytes: 187_000_000,
  entrypoint: [],
  command: ['apache2-foreground'],
  workingDir: '/var/www/html',
  idle: { milliCpu: 0.4, memoryBytes: 11 * 2 ** 20 },
  unpack(files) {
    unpackBusybox(files)
    files.makeDirectory('/usr/local/bin')
    files.makeDirectory('/var/www/html')
    files.write('/usr/local/bin/apache2-foreground', executable('apache2'), 0o755)
    files.write(
      '/var/www/html/index.php',
      '<?php\n// The practice cluster does not run PHP: this file only shows what each request costs.\n$x = 0.0001;\nfor ($i = 0; $i <= 1000000; $i++) { $x += sqrt($x); }\necho "OK!";\n',
    )
  },
  programs: { ...busyboxPrograms, apache2: apache },
}

/** The same under its older name. */
export const oldHpaExampleImage: Image = { ...hpaExampleImage, name: 'google_containers/hpa-example' }

const helloApp = webServer({
  port: ({ env }) => Number(env.PORT ?? 8080),
  costMs: 0.2,
  answer: (_, { env }, { hostname }) => ({
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `Hello, world!\nVersion: ${env.VERSION ?? '1.0.0'}\nHostname: ${hostname}\n`,
  }),
  greeting: ({ env }) => `Server listening on port ${env.PORT ?? 8080}\n`,
})

const helloImage = (name: string): Image => ({
  ...alpineImage,
  name,
  tags: /^(1\.0|2\.0|latest)$/,
  sizeBytes: 11_000_000,
  command: ['./hello-app'],
  idle: { milliCpu: 0.1, memoryBytes: 2.5 * 2 ** 20 },
  unpack(files) {
    unpackBusybox(files)
    files.write('/hello-app', executable('hello-app'), 0o755)
  },
  programs: { ...busyboxPrograms, 'hello-app': helloApp },
})

/** Says hello, its version and its host name. */
export const helloImages: readonly Image[] = [helloImage('google-samples/hello-app'), helloImage('gke/hello-app')]
