// printf as programs offer it: %d %s and their kin, escapes, arguments taken again until none is left.

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  e: '\x1b',
  '"': '"',
  "'": "'",
}

/** Reads backslash escapes; `stopped` where a \c ends all output. */
export const readEscapes = (text: string, octalPrefix = false): { text: string; stopped: boolean } => {
  let stopped = false
  const pattern = octalPrefix
    ? /\\(0[0-7]{0,3}|x[0-9a-fA-F]{1,2}|c[\s\S]*|[\s\S])/g
    : /\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|c[\s\S]*|[\s\S])/g
  const out = text.replace(pattern, (whole, code: string) => {
    if (code.startsWith('c')) {
      stopped = true
      return ''
    }
    if (/^[0-7]/.test(code) && (!octalPrefix || code.startsWith('0'))) return String.fromCharCode(Number.parseInt(code, 8) & 255)
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return simple[code] ?? whole
  })
  return { text: out, stopped }
}

const pad = (text: string, flags: string, width: number): string => {
  if (text.length >= width) return text
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0')) return text.padStart(width)
  const sign = /^[-+ ]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

const toNumber = (text: string): number => {
  if (/^['"]/.test(text)) return text.codePointAt(1) ?? 0
  if (/^\s*[-+]?0[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return text.trim() === '' ? 0 : Number(text)
}

const exponent = (text: string) => text.replace(/e([-+])(\d)$/, 'e$10$2')

const one = (
  conversion: string,
  flags: string,
  precision: number | undefined,
  argument: string,
  bad: (text: string) => void,
): string => {
  if (conversion === 'c') return argument.slice(0, 1)
  if (conversion === 's') return precision === undefined ? argument : argument.slice(0, precision)
  let value = toNumber(argument)
  if (Number.isNaN(value)) {
    bad(argument)
    value = Number.parseFloat(argument) || 0
  }
  const sign = value >= 0 && flags.includes('+') ? '+' : value >= 0 && flags.includes(' ') ? ' ' : ''
  const whole = Math.trunc(value)
  switch (conversion) {
    case 'd':
    case 'i':
      return sign + (whole < 0 ? '-' : '') + String(Math.abs(whole)).padStart(precision ?? 0, '0')
    case 'u':
      return String(BigInt.asUintN(64, BigInt(whole))).padStart(precision ?? 0, '0')
    case 'o':
      return (
        (flags.includes('#') ? '0' : '') +
        BigInt.asUintN(64, BigInt(whole))
          .toString(8)
          .padStart(precision ?? 0, '0')
      )
    case 'x':
    case 'X': {
      const digits =
        (flags.includes('#') ? '0x' : '') +
        BigInt.asUintN(64, BigInt(whole))
          .toString(16)
          .padStart(precision ?? 0, '0')
      return conversion === 'X' ? digits.toUpperCase() : digits
    }
    case 'e':
      return sign + exponent(value.toExponential(precision ?? 6))
    case 'g':
      return sign + exponent(String(Number(value.toPrecision(precision || 6))))
    default:
      return sign + value.toFixed(precision ?? 6)
  }
}

/** The text; `bad` is called with each argument that should have been a number. */
export const printf = (format: string, args: readonly string[], bad: (text: string) => void): string => {
  let out = ''
  let next = 0
  let stopped = false
  do {
    const before = next
    for (const piece of format.match(/%[-+ #0]*(?:\*|\d*)(?:\.(?:\*|\d*))?[a-zA-Z%]|[^%]+|%/g) ?? []) {
      if (stopped) break
      const spec = /^%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?([a-zA-Z%])$/.exec(piece)
      if (!spec) {
        const escaped = readEscapes(piece)
        out += escaped.text
        stopped = escaped.stopped
        continue
      }
      const [, flags = '', width = '', precision, conversion = ''] = spec
      if (conversion === '%') {
        out += '%'
        continue
      }
      const star = (text: string) => Number(text === '*' ? (args[next++] ?? 0) : text)
      const columns = star(width)
      const digits = precision === undefined ? undefined : star(precision)
      const argument = args[next++] ?? ''
      if (conversion === 'b') {
        const escaped = readEscapes(argument, true)
        out += pad(escaped.text, flags, columns)
        stopped = escaped.stopped
      } else
        out += pad(one(conversion, flags, digits, argument, bad), conversion === 's' ? flags.replace('0', '') : flags, columns)
    }
    if (next === before) break
  } while (next < args.length && !stopped)
  return out
}
