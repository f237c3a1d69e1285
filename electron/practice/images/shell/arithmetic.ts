// $((...)): integers with C's operators, on the shell's variables.

export interface Variables {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

const tokens = /\s*(\d\w*|[A-Za-z_]\w*|<<=|>>=|\+\+|--|&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),])/y

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

const big = (value: bigint) => BigInt.asIntN(64, value)

const apply = (operator: string, a: bigint, b: bigint): bigint => {
  switch (operator) {
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '&':
      return a & b
    case '==':
      return a === b ? 1n : 0n
    case '!=':
      return a !== b ? 1n : 0n
    case '<=':
      return a <= b ? 1n : 0n
    case '>=':
      return a >= b ? 1n : 0n
    case '<':
      return a < b ? 1n : 0n
    case '>':
      return a > b ? 1n : 0n
    case '<<':
      return big(a << (b & 63n))
    case '>>':
      return a >> (b & 63n)
    case '+':
      return big(a + b)
    case '-':
      return big(a - b)
    case '*':
      return big(a * b)
    default:
      if (b === 0n) throw new Error('arithmetic syntax error: divide by zero')
      return operator === '/' ? big(a / b) : a % b
  }
}

const split = (text: string): string[] => {
  const found: string[] = []
  tokens.lastIndex = 0
  while (tokens.lastIndex < text.trimEnd().length) {
    const match = tokens.exec(text)
    if (!match) throw new Error('arithmetic syntax error')
    found.push(match[1]!)
  }
  return found
}

const number = (text: string): bigint => {
  const digits = /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text
  if (!/^(0[xX][0-9a-fA-F]+|0o[0-7]+|\d+)$/.test(digits)) throw new Error(`arithmetic syntax error`)
  return BigInt(digits)
}

/** @throws Error in ash's words */
export const evaluate = (text: string, variables: Variables, depth = 0): bigint => {
  const list = split(text)
  let at = 0
  /** Above nought where && and || and ?: have decided that this part does not count. */
  let skipped = 0

  const take = (...wanted: string[]) => {
    const token = list[at]
    if (token === undefined || !wanted.includes(token)) return undefined
    at++
    return token
  }
  const value = (name: string): bigint => {
    const held = variables.get(name)?.trim() ?? ''
    if (held === '') return 0n
    if (/^[-+]?\d+$/.test(held)) return held.startsWith('-') ? -number(held.slice(1)) : number(held.replace('+', ''))
    if (depth > 20) throw new Error('arithmetic syntax error: expression recursion loop detected')
    return evaluate(held, variables, depth + 1)
  }
  const assign = (name: string, result: bigint): bigint => {
    if (skipped === 0) variables.set(name, String(result))
    return result
  }
  const isName = (token: string | undefined): token is string => token !== undefined && /^[A-Za-z_]/.test(token)

  const primary = (): bigint => {
    const token = list[at++]
    if (token === undefined) throw new Error('arithmetic syntax error')
    if (token === '(') {
      const inside = comma()
      if (!take(')')) throw new Error('arithmetic syntax error')
      return inside
    }
    if (token === '!') return primary() === 0n ? 1n : 0n
    if (token === '-') return big(-primary())
    if (token === '+') return primary()
    if (token === '~') return ~primary()
    if (token === '++' || token === '--') {
      const name = list[at++]
      if (!isName(name)) throw new Error('arithmetic syntax error')
      return assign(name, value(name) + (token === '++' ? 1n : -1n))
    }
    if (isName(token)) {
      const step = take('++', '--')
      const before = value(token)
      if (step) assign(token, before + (step === '++' ? 1n : -1n))
      return before
    }
    return number(token)
  }
  const binary = (level: number): bigint => {
    if (level === levels.length) return primary()
    let left = binary(level + 1)
    for (;;) {
      const operator = take(...levels[level]!)
      if (!operator) return left
      if (operator === '&&' || operator === '||') {
        const decided = (left !== 0n) === (operator === '||')
        if (decided) skipped++
        const right = binary(level + 1)
        if (decided) skipped--
        left = decided ? (operator === '||' ? 1n : 0n) : right !== 0n ? 1n : 0n
      } else {
        const right = binary(level + 1)
        left = skipped > 0 ? 0n : apply(operator, left, right)
      }
    }
  }
  const ternary = (): bigint => {
    const condition = binary(0)
    if (!take('?')) return condition
    if (condition === 0n) skipped++
    const yes = comma()
    if (condition === 0n) skipped--
    if (!take(':')) throw new Error('arithmetic syntax error')
    if (condition !== 0n) skipped++
    const no = ternary()
    if (condition !== 0n) skipped--
    return condition !== 0n ? yes : no
  }
  const assignment = (): bigint => {
    const name = list[at]
    const operator = list[at + 1]
    if (isName(name) && operator !== undefined && /^([-+*/%&|^]|<<|>>)?=$/.test(operator)) {
      at += 2
      const right = assignment()
      return assign(name, operator === '=' ? right : skipped > 0 ? 0n : apply(operator.slice(0, -1), value(name), right))
    }
    return ternary()
  }
  const comma = (): bigint => {
    let result = assignment()
    while (take(',')) result = assignment()
    return result
  }

  if (list.length === 0) return 0n
  const result = comma()
  if (at < list.length) throw new Error('arithmetic syntax error')
  return result
}
