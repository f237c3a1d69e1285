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
  'practice.inUse': 'KHW-038',
  'practice.damaged': 'KHW-039',
  'practice.newer': 'KHW-044',
  'lesson.unknown': 'KHW-040',
  'lesson.broken': 'KHW-041',
  'lesson.blocked': 'KHW-042',
  'lesson.elsewhere': 'KHW-043',
  'progress.broken': 'KHW-047',
  'cluster.unconfirmed': 'KHW-045',
  'diagnosis.gone': 'KHW-046',
  'deck.broken': 'KHW-050',
  'browser.missing': 'KHW-051',
  'browser.failed': 'KHW-052',
  'clicker.address': 'KHW-053',
  'ink.broken': 'KHW-054',
  'setup.busy': 'KHW-101',
  'setup.journalBroken': 'KHW-102',
  'setup.underSudo': 'KHW-103',
  'setup.blocked': 'KHW-104',
  'setup.declined': 'KHW-105',
  'setup.stopped': 'KHW-106',
  'setup.unfit': 'KHW-107',
  'setup.dismissed': 'KHW-110',
  'setup.refused': 'KHW-111',
  'setup.noElevation': 'KHW-112',
  'setup.helperLost': 'KHW-113',
  'setup.helperRequest': 'KHW-114',
  'setup.unsafe': 'KHW-115',
  'setup.corrupt': 'KHW-120',
  'setup.bundleMissing': 'KHW-121',
  'setup.diskFull': 'KHW-122',
  'setup.command': 'KHW-130',
  'setup.snapdSilent': 'KHW-131',
  'setup.snapFailed': 'KHW-132',
  'setup.snapSignature': 'KHW-133',
  'setup.snapBase': 'KHW-134',
  'setup.snapBusy': 'KHW-135',
  'setup.storeUnreachable': 'KHW-136',
  'setup.snapHook': 'KHW-137',
  'setup.occupied': 'KHW-138',
  'setup.unproven': 'KHW-140',
  'setup.kubeconfig': 'KHW-141',
  'setup.hello': 'KHW-142',
  'setup.shellFile': 'KHW-143',
  'setup.remains': 'KHW-150',
  'setup.invitation': 'KHW-151',
  'setup.notReady': 'KHW-152',
  'stall.unknown': 'KHW-200',
  'stall.route': 'KHW-201',
  'stall.service': 'KHW-202',
  'stall.pod': 'KHW-203',
  'stall.image': 'KHW-204',
  'stall.disk': 'KHW-205',
  'stall.archive': 'KHW-206',
  'stall.stopped': 'KHW-207',
  'bundle.lock': 'KHW-160',
  'bundle.unresolved': 'KHW-161',
  'bundle.network': 'KHW-162',
  'bundle.refused': 'KHW-163',
  'bundle.corrupt': 'KHW-164',
  'bundle.full': 'KHW-165',
  'bundle.images': 'KHW-166',
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
