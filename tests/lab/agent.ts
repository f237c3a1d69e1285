// A desktop's authentication agent, as small as one can be: polkit asks it for a password, and it answers as a person at the dialog would.
// AGENT_ANSWER = dismiss, or the password to type. Prints what the dialog would say. Speaks D-Bus by hand: no library is on the machine.

import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { userInfo } from 'node:os'

const answer = process.env.AGENT_ANSWER ?? 'dismiss'
const { uid, username } = userInfo()

const kinds = { call: 1, answer: 2, error: 3 } as const

/** Bytes with D-Bus' alignment: each value begins at a multiple of its own size. */
const writer = () => {
  let bytes = Buffer.alloc(0)
  const put = (more: Buffer) => {
    bytes = Buffer.concat([bytes, more])
  }
  const align = (size: number) => put(Buffer.alloc((size - (bytes.length % size)) % size))
  const number = (value: number) => {
    align(4)
    const four = Buffer.alloc(4)
    four.writeUInt32LE(value)
    put(four)
  }
  const text = (value: string) => {
    number(Buffer.byteLength(value))
    put(Buffer.from(`${value}\0`))
  }
  const signature = (value: string) => put(Buffer.from([value.length, ...Buffer.from(value), 0]))
  return { put, align, number, text, signature, bytes: () => bytes }
}

type Fields = Readonly<Record<number, readonly ['s' | 'o' | 'u' | 'g', string | number]>>

let serial = 0
/** Field numbers are those of the specification: 1 path, 2 interface, 3 member, 4 error, 5 answered serial, 6 destination, 8 signature. */
const message = (kind: keyof typeof kinds, fields: Fields, body: Buffer = Buffer.alloc(0)): Buffer => {
  const inner = writer()
  for (const [code, [type, value]] of Object.entries(fields)) {
    inner.align(8)
    inner.put(Buffer.from([Number(code)]))
    inner.signature(type)
    if (type === 'u') inner.number(Number(value))
    else if (type === 'g') inner.signature(String(value))
    else inner.text(String(value))
  }
  const head = writer()
  head.put(Buffer.from(['l'.charCodeAt(0), kinds[kind], 0, 1]))
  head.number(body.length)
  head.number(++serial)
  head.number(inner.bytes().length)
  head.put(inner.bytes())
  head.align(8)
  return Buffer.concat([head.bytes(), body])
}

const call = (name: string, path: string, room: string, member: string, args?: { signature: string; body: Buffer }): Buffer =>
  message(
    'call',
    {
      1: ['o', path],
      2: ['s', room],
      3: ['s', member],
      6: ['s', name],
      ...(args ? { 8: ['g', args.signature] } : {}),
    } as Fields,
    args?.body,
  )

/** This session, our language, and where we answer. */
const registration = (): { signature: string; body: Buffer } => {
  const body = writer()
  body.text('unix-session')
  const entry = writer()
  entry.text('session-id')
  entry.signature('s')
  entry.text(process.env.XDG_SESSION_ID ?? '')
  body.number(entry.bytes().length)
  body.align(8)
  body.put(entry.bytes())
  body.text('en_US.UTF-8')
  body.text('/lab/agent')
  return { signature: '(sa{sv})ss', body: body.bytes() }
}

const alignedTo = (at: number, size: number): number => Math.ceil(at / size) * size
const textAt = (bytes: Buffer, from: number): { value: string; next: number } => {
  const at = alignedTo(from, 4)
  const end = at + 4 + bytes.readUInt32LE(at)
  return { value: bytes.toString('utf8', at + 4, end), next: end + 1 }
}

/** polkit's own program asks PAM; it takes the cookie and the password, and tells polkit itself. */
const typePassword = (cookie: string): Promise<void> =>
  new Promise(done => {
    const helper = spawn('/usr/lib/polkit-1/polkit-agent-helper-1', [username], { stdio: ['pipe', 'pipe', 'inherit'] })
    helper.stdin.write(`${cookie}\n`)
    helper.stdout.on('data', (data: Buffer) => {
      if (data.includes('PAM_PROMPT_ECHO_OFF')) helper.stdin.write(`${answer}\n`)
    })
    helper.on('close', () => done())
  })

const socket = connect('/run/dbus/system_bus_socket')

const hear = async (bytes: Buffer, bodyAt: number): Promise<void> => {
  // Fields of the header, as far as we need them.
  const fields = new Map<number, string>()
  let answers = 0
  for (let at = 16; at < 16 + bytes.readUInt32LE(12); ) {
    at = alignedTo(at, 8)
    const code = bytes[at] ?? 0
    const type = String.fromCharCode(bytes[at + 2] ?? 0)
    if (type === 'u') {
      const place = alignedTo(at + 4, 4)
      if (code === 5) answers = bytes.readUInt32LE(place)
      at = place + 4
    } else if (type === 'g') at += 6 + (bytes[at + 4] ?? 0)
    else {
      const { value, next } = textAt(bytes, at + 4)
      fields.set(code, value)
      at = next
    }
  }
  if (bytes[1] === kinds.answer && answers === registered) console.log('agent: here')
  if (bytes[1] === kinds.error) console.log(`agent: ${fields.get(4)} ${textAt(bytes, bodyAt).value}`)
  if (bytes[1] !== kinds.call || fields.get(3) !== 'BeginAuthentication') return
  const action = textAt(bytes, bodyAt)
  const words = textAt(bytes, action.next)
  const icon = textAt(bytes, words.next)
  const details = alignedTo(icon.next, 4)
  const cookie = textAt(bytes, alignedTo(details + 4, 8) + bytes.readUInt32LE(details))
  console.log(`agent: ${action.value}: ${words.value}`)
  const to: Fields = { 5: ['u', bytes.readUInt32LE(8)], 6: ['s', fields.get(7) ?? ''] }
  if (answer === 'dismiss') {
    socket.write(message('error', { ...to, 4: ['s', 'org.freedesktop.PolicyKit1.Error.Cancelled'] }))
    return
  }
  await typePassword(cookie.value)
  socket.write(message('answer', to))
}

const authority = 'org.freedesktop.PolicyKit1'
let waiting = Buffer.alloc(0)
let isOpen = false
/** The number of our registration, which its answer names. */
let registered = 0
socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString('hex')}\r\n`)
socket.on('data', (data: Buffer) => {
  waiting = Buffer.concat([waiting, data])
  if (!isOpen) {
    if (!waiting.includes('\r\n')) return
    if (!waiting.toString().startsWith('OK ')) throw new Error(waiting.toString())
    isOpen = true
    waiting = Buffer.alloc(0)
    socket.write('BEGIN\r\n')
    socket.write(call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'Hello'))
    const place = '/org/freedesktop/PolicyKit1/Authority'
    socket.write(call(authority, place, `${authority}.Authority`, 'RegisterAuthenticationAgent', registration()))
    registered = serial
    return
  }
  while (waiting.length >= 16) {
    const bodyAt = alignedTo(16 + waiting.readUInt32LE(12), 8)
    const end = bodyAt + waiting.readUInt32LE(4)
    if (waiting.length < end) return
    const whole = waiting.subarray(0, end)
    waiting = waiting.subarray(end)
    void hear(whole, bodyAt)
  }
})
