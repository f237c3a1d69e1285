// nslookup, ping, nc, ip: the network as seen from a Pod.

import type { DnsAnswer } from '../../network/records.ts'
import { errorCode } from '../words.ts'
import type { Applet } from './context.ts'

const dnsServer = '10.43.0.10'

/** Full names as cluster DNS would answer them, by the search path of resolv.conf. */
const answerFor = (context: Parameters<Applet>[0], host: string): { name: string; ips: string[] } | undefined => {
  const search = [`${context.container.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local']
  const names = host.endsWith('.') ? [host] : [...search.map(domain => `${host}.${domain}.`), `${host}.`]
  for (const name of names) {
    try {
      return { name: name.replace(/\.$/, ''), ips: context.container.resolve(name) }
    } catch (error) {
      if (errorCode(error) !== 'ENOTFOUND') throw error
    }
  }
  return undefined
}

const queryTypes = new Map([
  ['a', 'A'],
  ['srv', 'SRV'],
  ['cname', 'CNAME'],
] as const)
// Models busybox/networking/nslookup.c: any beginning of the option's name will do.
const typeOption = /^-(?:t|ty|typ|type|q|qu|que|quer|query\w*)=(.*)$/

const linesOf = (answer: DnsAnswer): string =>
  'cname' in answer
    ? `${answer.name}\tcanonical name = ${answer.cname}\n`
    : answer.srv
        .map(({ priority, weight, port, target }) => `${answer.name}\tservice = ${priority} ${weight} ${port} ${target}\n`)
        .join('')

export const nslookup: Applet = async context => {
  const [host] = context.args.filter(arg => !arg.startsWith('-'))
  if (host === undefined) return context.fail('usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]')
  const asked = context.args.map(arg => typeOption.exec(arg)?.[1]?.toLowerCase()).find(each => each !== undefined) ?? 'a'
  const type = queryTypes.get(asked as 'a')
  if (!type) return context.fail(`invalid query type "${asked}"`)
  await context.out(`Server:\t\t${dnsServer}\nAddress:\t${dnsServer}:53\n\n`)
  const told = context.container.records(host, type === 'A' ? 'CNAME' : type)
  const found = type === 'A' ? answerFor(context, host) : undefined
  if (!found && !told) {
    await context.out(`** server can't find ${host}: NXDOMAIN\n\n`)
    return 1
  }
  // What an alias leads to is named, not the alias.
  const name = told && 'cname' in told ? told.cname : found?.name
  const addresses = (found?.ips ?? []).map(ip => `Name:\t${name}\nAddress: ${ip}\n`).join('')
  await context.out(`${type === 'A' && !told ? '\n' : ''}${told ? linesOf(told) : ''}${addresses}\n`)
  return 0
}

export const ping: Applet = async context => {
  const options = context.options('c:i:w:W:q46s:')
  const [host] = options.rest
  if (host === undefined) return context.fail('missing host')
  let ip: string
  try {
    ip = context.container.resolve(host)[0]!
  } catch (error) {
    if (errorCode(error) !== 'ENOTFOUND') throw error
    return context.fail(`bad address '${host}'`)
  }
  const count = Number(options.value('c') ?? Number.POSITIVE_INFINITY)
  const every = Number(options.value('i') ?? 1) * 1000
  const deadline = context.container.now() + Number(options.value('w') ?? Number.POSITIVE_INFINITY) * 1000
  const times: number[] = []
  let sent = 0
  const ended = new AbortController()
  context.io.handle('SIGINT', () => ended.abort())
  await context.out(`PING ${host} (${ip}): 56 data bytes\n`)
  while (sent < count && !ended.signal.aborted && context.container.now() < deadline) {
    if (context.container.answers(ip)) {
      const ms = 0.06 + context.container.random() * 0.08
      times.push(ms)
      if (!options.has('q')) await context.out(`64 bytes from ${ip}: seq=${sent} ttl=64 time=${ms.toFixed(3)} ms\n`)
    }
    sent++
    const lastReply = sent >= count && times.length === sent
    if (!lastReply) await context.container.sleep(every, AbortSignal.any([ended.signal, context.io.signal])).catch(() => {})
    if (context.io.signal.aborted) return 1
  }
  const lost = sent === 0 ? 0 : Math.round(((sent - times.length) / sent) * 100)
  await context.out(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`,
  )
  if (times.length > 0) {
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length
    await context.out(
      `round-trip min/avg/max = ${Math.min(...times).toFixed(3)}/${mean.toFixed(3)}/${Math.max(...times).toFixed(3)} ms\n`,
    )
  }
  return times.length > 0 ? 0 : 1
}

export const nc: Applet = async context => {
  const options = context.options('lp:zvw:ne:k46')
  if (options.has('l')) {
    const port = Number(options.value('p') ?? options.rest.at(-1))
    if (!(port > 0)) return context.fail('bad local port')
    const met = Promise.withResolvers<Parameters<Parameters<typeof context.container.listen>[1]>[0]>()
    let stop: () => void
    try {
      stop = context.container.listen(port, socket => met.resolve(socket))
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error
      return context.fail('bind: Address in use')
    }
    context.io.signal.addEventListener('abort', stop, { once: true })
    const socket = await met.promise
    stop()
    return exchange(context, socket)
  }
  const [host, port] = options.rest
  if (host === undefined || !(Number(port) > 0)) return context.fail('usage: nc [-zv] HOST PORT')
  try {
    const socket = await context.container.dial(host, Number(port))
    if (options.has('v')) await context.io.stderr(`${host} (${socket.remoteAddress}:${port}) open\n`)
    if (options.has('z')) {
      socket.destroy()
      return 0
    }
    return await exchange(context, socket)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOTFOUND') return context.fail(`bad address '${host}'`)
    if (code === undefined || code === 'EPIPE') throw error
    const ip = error instanceof Error && 'address' in error ? String(error.address) : host
    return options.has('z') && !options.has('v')
      ? 1
      : context.fail(
          `${host} (${ip}:${port}): ${code === 'ECONNREFUSED' ? 'Connection refused' : code === 'ETIMEDOUT' ? 'Connection timed out' : 'No route to host'}`,
        )
  }
}

const exchange = async (
  context: Parameters<Applet>[0],
  socket: Awaited<ReturnType<typeof context.container.dial>>,
): Promise<number> => {
  context.io.signal.addEventListener('abort', () => socket.destroy(), { once: true })
  void (async () => {
    for await (const chunk of context.io.stdin) socket.write(chunk)
    socket.end()
  })()
  try {
    for await (const chunk of socket) await context.out(chunk as Uint8Array)
  } catch (error) {
    if (errorCode(error) !== 'ECONNRESET') throw error
  }
  return 0
}

export const ip: Applet = async context => {
  const address = context.container.ip
  const [what = 'addr'] = context.args.filter(arg => !arg.startsWith('-'))
  if (/^r/.test(what))
    await context.out(
      `default via ${address.replace(/\d+$/, '1')} dev eth0\n${address.replace(/\d+$/, '0/24')} dev eth0 scope link  src ${address}\n`,
    )
  else
    await context.out(
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n' +
        `2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue qlen 1000\n    inet ${address}/24 brd ${address.replace(/\d+$/, '255')} scope global eth0\n       valid_lft forever preferred_lft forever\n`,
    )
  return 0
}
