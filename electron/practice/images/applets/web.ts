// wget and curl, in their own words.

import type { IncomingMessage } from 'node:http'
import { sendRequest } from '../http-client.ts'
import { nextRequest } from '../pace.ts'
import { openOutput } from '../special-files.ts'
import { concat } from '../streams.ts'
import { errorCode, strerror } from '../words.ts'
import type { Applet, Context } from './context.ts'

interface Target {
  host: string
  port: number
  path: string
  authority: string
}

const targetOf = (text: string): Target | undefined => {
  const match = /^(?:(\w+):\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^:/?#]+)(?::(\d+))?([/?][^#]*)?/.exec(text)
  if (!match || (match[1] ?? 'http') !== 'http') return undefined
  const [, , host = '', port, path = '/'] = match
  return {
    host,
    port: Number(port ?? 80),
    path: path.startsWith('/') ? path : `/${path}`,
    authority: port ? `${host}:${port}` : host,
  }
}

/** Dials with a time limit on the cluster's clock. */
const dial = async (context: Context, { host, port }: Target, limitMs: number | undefined) => {
  const dialled = context.container.dial(host, port, await nextRequest(context.io, context.container))
  if (limitMs === undefined) return dialled
  const late = context.container.sleep(limitMs, context.io.signal).then(() => {
    throw Object.assign(new Error('timed out'), { code: 'TIMEOUT' })
  })
  late.catch(() => {})
  dialled.then(
    () => {},
    () => {},
  )
  return Promise.race([dialled, late])
}

const bodyOf = async (answer: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of answer) chunks.push(chunk as Uint8Array)
  return concat(chunks)
}

const statusLine = (answer: IncomingMessage) => `HTTP/${answer.httpVersion} ${answer.statusCode} ${answer.statusMessage}`
const headerLines = (answer: IncomingMessage): string[] => {
  const lines: string[] = []
  for (let at = 0; at < answer.rawHeaders.length; at += 2) lines.push(`${answer.rawHeaders[at]}: ${answer.rawHeaders[at + 1]}`)
  return lines
}

export const wget: Applet = async context => {
  const options = context.options('cqSO:o:U:T:Y:t:P:sb', {
    spider: 's',
    header: 'h',
    'post-data': 'p',
    quiet: 'q',
    'output-document': 'O',
    timeout: 'T',
    'no-check-certificate': 'n',
    'server-response': 'S',
    tries: 't',
  })
  const [first] = options.rest
  if (first === undefined) return context.fail('missing URL')
  const say = (text: string) => (options.has('q') ? undefined : context.io.stderr(text))
  let target = targetOf(first)
  if (!target)
    return context.fail(
      /^https:/.test(first)
        ? 'error getting response: TLS is not available in this practice container'
        : `not an http or ftp url: ${first}`,
    )
  const limit = options.value('T')
  for (let redirects = 0; redirects < 5; redirects++) {
    let answer: IncomingMessage
    let ip = target.host
    try {
      ip = context.container.resolve(target.host)[0] ?? target.host
      await say(`Connecting to ${target.authority} (${ip}:${target.port})\n`)
      const socket = await dial(context, target, limit ? Number(limit) * 1000 : undefined)
      const headers: Record<string, string> = {
        Host: target.authority,
        'User-Agent': options.value('U') ?? 'Wget',
        Connection: 'close',
      }
      for (const line of options.values('h')) headers[line.split(':')[0]!] = line.slice(line.indexOf(':') + 1).trim()
      const data = options.value('p')
      if (data !== undefined)
        Object.assign(headers, {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': String(Buffer.byteLength(data)),
        })
      answer = await sendRequest(
        socket,
        {
          method: data === undefined ? (options.has('s') ? 'HEAD' : 'GET') : 'POST',
          path: target.path,
          headers,
          ...(data !== undefined && { body: data }),
        },
        context.io.signal,
      )
    } catch (error) {
      const code = errorCode(error)
      if (code === 'ENOTFOUND') return context.fail(`bad address '${target.authority}'`)
      if (code === 'TIMEOUT') return context.fail('download timed out')
      if (code === undefined) throw error
      if (code === 'ECONNRESET') return context.fail('error getting response')
      return context.fail(
        `can't connect to remote host (${ip}): ${code === 'EHOSTUNREACH' ? 'No route to host' : strerror(error)}`,
      )
    }
    if (options.has('S'))
      await context.io.stderr([`  ${statusLine(answer)}`, ...headerLines(answer).map(line => `  ${line}`), '  ', ''].join('\n'))
    const status = answer.statusCode ?? 0
    const { location } = answer.headers
    if (status >= 300 && status < 400 && location) {
      answer.resume()
      const next = targetOf(new URL(location, `http://${target.authority}${target.path}`).href)
      if (!next) return context.fail(`not an http or ftp url: ${location}`)
      target = next
      continue
    }
    if (status !== 200 && status !== 201 && status !== 204 && status !== 206) {
      answer.resume()
      return context.fail(`server returned error: ${statusLine(answer)}`)
    }
    if (options.has('s')) {
      answer.resume()
      await say('remote file exists\n')
      return 0
    }
    return save(
      context,
      await bodyOf(answer),
      options.value('O') ?? (target.path.replace(/\?.*$/, '').replace(/^.*\//, '') || 'index.html'),
      say,
    )
  }
  return context.fail('too many redirections')
}

const save = async (context: Context, body: Uint8Array, name: string, say: (text: string) => unknown): Promise<number> => {
  const shown = name === '-' ? '-' : name
  const size = String(body.length).padStart(6)
  const bar = `${shown.padEnd(20).slice(0, 20)} 100% |${'*'.repeat(32)}| ${size}  0:00:00 ETA\n`
  if (name === '-') {
    await say('writing to stdout\n')
    await context.out(body)
    await say(`${bar}written to stdout\n`)
    return 0
  }
  try {
    const write = openOutput(context.path(name), false, context.container, context.io)
    await say(`saving to '${name}'\n`)
    await write(body)
    await say(`${bar}'${name}' saved\n`)
    return 0
  } catch (error) {
    return context.fail(`can't open '${name}': ${strerror(error)}`)
  }
}

/** What curl prints for -w. */
const report = (format: string, answer: IncomingMessage, size: number) =>
  format
    .replace(
      /%\{(\w+)\}/g,
      (_, name: string) =>
        ({ http_code: String(answer.statusCode), response_code: String(answer.statusCode), size_download: String(size) })[name] ??
        '0',
    )
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')

export const curl: Applet = async context => {
  const known = 'sSfiIkvLo:OX:H:d:m:A:w:u:x:b:e:F:4'
  const long = {
    silent: 's',
    'show-error': 'S',
    fail: 'f',
    include: 'i',
    head: 'I',
    insecure: 'k',
    verbose: 'v',
    location: 'L',
    output: 'o',
    request: 'X',
    header: 'H',
    data: 'd',
    'data-raw': 'd',
    'max-time': 'm',
    'connect-timeout': 'm',
    'user-agent': 'A',
    'write-out': 'w',
  }
  const options = context.options(known, long)
  const hush = options.has('s') && !options.has('S')
  const complain = async (code: number, text: string) => {
    if (!hush) await context.io.stderr(`curl: (${code}) ${text}\n`)
    return code
  }
  if (options.rest.length === 0) {
    await context.io.stderr("curl: try 'curl --help' or 'curl --manual' for more information\n")
    return 2
  }
  const limit = options.value('m')
  const noise = (text: string) => (options.has('v') ? context.io.stderr(text) : undefined)
  let status = 0
  for (const url of options.rest) {
    let target = targetOf(url)
    if (!target) return complain(1, `Protocol "${url.split(':')[0]}" not supported in this practice container`)
    for (let redirects = 0; target !== undefined && redirects < 10; redirects++) {
      const place: Target = target
      const data = options.values('d').join('&')
      const posts = options.values('d').length > 0
      const method = options.value('X') ?? (options.has('I') ? 'HEAD' : posts ? 'POST' : 'GET')
      const headers: Record<string, string> = {
        Host: place.authority,
        'User-Agent': options.value('A') ?? 'curl/8.14.1',
        Accept: '*/*',
      }
      if (posts)
        Object.assign(headers, {
          'Content-Length': String(Buffer.byteLength(data)),
          'Content-Type': 'application/x-www-form-urlencoded',
        })
      for (const line of options.values('H')) headers[line.split(':')[0]!] = line.slice(line.indexOf(':') + 1).trim()
      let answer: IncomingMessage
      const begun = context.container.now()
      try {
        const socket = await dial(context, place, limit ? Number(limit) * 1000 : undefined)
        await noise(
          `* Connected to ${place.host} (${socket.remoteAddress}) port ${place.port}\n> ${method} ${place.path} HTTP/1.1\n${Object.entries(
            headers,
          )
            .map(([name, value]) => `> ${name}: ${value}\n`)
            .join('')}>\n`,
        )
        answer = await sendRequest(
          socket,
          { method, path: place.path, headers: { ...headers, Connection: 'close' }, ...(posts && { body: data }) },
          context.io.signal,
        )
      } catch (error) {
        const spent = context.container.now() - begun
        switch (errorCode(error)) {
          case 'ENOTFOUND':
            return complain(6, `Could not resolve host: ${place.host}`)
          case 'TIMEOUT':
            return complain(28, `Connection timed out after ${spent} milliseconds`)
          case 'ECONNRESET':
            return complain(52, 'Empty reply from server')
          case undefined:
            throw error
          default:
            return complain(
              7,
              `Failed to connect to ${place.host} port ${place.port} after ${spent} ms: ${errorCode(error) === 'EHOSTUNREACH' ? 'No route to host' : "Couldn't connect to server"}`,
            )
        }
      }
      const lines = [statusLine(answer), ...headerLines(answer)]
      await noise(`${lines.map(line => `< ${line}`).join('\n')}\n<\n`)
      const { location } = answer.headers
      if (options.has('L') && location && answer.statusCode! >= 300 && answer.statusCode! < 400) {
        answer.resume()
        target = targetOf(new URL(location, `http://${place.authority}${place.path}`).href)
        continue
      }
      const body = await bodyOf(answer)
      if (options.has('f') && answer.statusCode! >= 400) {
        status = await complain(22, `The requested URL returned error: ${answer.statusCode}`)
      } else {
        const name = options.value('o') ?? (options.has('O') ? place.path.replace(/^.*\//, '') || 'curl_response' : '-')
        const write = name === '-' ? context.io.stdout : openOutput(context.path(name), false, context.container, context.io)
        if (options.has('i') || options.has('I')) await write(`${lines.join('\r\n')}\r\n\r\n`)
        if (!options.has('I')) await write(body)
      }
      const format = options.value('w')
      if (format !== undefined) await context.out(report(format, answer, body.length))
      target = undefined
    }
  }
  return status
}
