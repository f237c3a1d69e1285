// Errors that cross the wire: a closed list of codes, each with the stable id that users see and the docs explain.

/** Code to id. Locale files hold `errors.<code>.{what,why,next}` for each; a test keeps them complete. Ids are never reused. */
export const errorIds = {
  'request.invalid': 'KHW-001',
  'request.unknown': 'KHW-002',
  'request.denied': 'KHW-003',
  'request.cancelled': 'KHW-004',
  'connection.lost': 'KHW-005',
  internal: 'KHW-006',
  'request.busy': 'KHW-007',
  'storage.unwritable': 'KHW-010',
  'settings.broken': 'KHW-011',
  'port.taken': 'KHW-012',
  'kubectl.missing': 'KHW-020',
  'terminal.unknown': 'KHW-021',
  'terminal.failed': 'KHW-022',
  'terminal.busy': 'KHW-023',
  'terminal.ended': 'KHW-024',
  'terminal.limit': 'KHW-025',
  'cluster.unknown': 'KHW-030',
  'cluster.unreachable': 'KHW-031',
  'cluster.stopped': 'KHW-032',
  'cluster.denied': 'KHW-033',
  'kubeconfig.broken': 'KHW-034',
  'cluster.refused': 'KHW-037',
  'practice.failed': 'KHW-035',
  'practice.lost': 'KHW-036',
  'lesson.unknown': 'KHW-040',
  'lesson.broken': 'KHW-041',
  'lesson.blocked': 'KHW-042',
  'lesson.elsewhere': 'KHW-043',
  'deck.broken': 'KHW-050',
} as const

export type ErrorCode = keyof typeof errorIds

/** Facts for the sentence that the user reads, such as a path, a port or a system error's own words. */
export type ErrorDetails = Readonly<Record<string, string | number>>

/** What crosses the wire: no stack, no message, only what the reader's language can be made from. */
export interface WireError {
  code: ErrorCode
  details?: ErrorDetails
}

/** The house's one error. Its message is for logs; users read the locale file's sentence for the code. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(`${errorIds[code]} ${code} ${JSON.stringify(details)}`, options as ErrorOptions)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }

  toWire(): WireError {
    return { code: this.code, details: this.details }
  }
}

/** Any thrown value as an AppError; what we did not foresee becomes `internal`, its words kept as a detail. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('internal', { message: error instanceof Error ? error.message : String(error) }, { cause: error })
