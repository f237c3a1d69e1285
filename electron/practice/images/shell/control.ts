// How commands leave what surrounds them: thrown, caught by the loop, function or shell that they name.

export class BreakLoop extends Error {
  levels: number
  constructor(levels: number) {
    super('break')
    this.levels = levels
  }
}

export class ContinueLoop extends Error {
  levels: number
  constructor(levels: number) {
    super('continue')
    this.levels = levels
  }
}

export class ReturnFrom extends Error {
  readonly status: number
  constructor(status: number) {
    super('return')
    this.status = status
  }
}

export class ExitShell extends Error {
  readonly status: number
  constructor(status: number) {
    super('exit')
    this.status = status
  }
}

/** A mistake that ends the command, told with the shell's name before it. */
export class ShellError extends Error {
  readonly status: number
  /** A redirection failed: only its own command is given up. */
  readonly redirection: boolean
  constructor(message: string, status: number, redirection = false) {
    super(message)
    this.status = status
    this.redirection = redirection
  }
}
