// Cron's five fields: which minutes they name, and when the next one comes.

// Models github.com/robfig/cron/v3/parser.go and spec.go, which CronJobs use.
export interface Schedule {
  minutes: ReadonlySet<number>
  hours: ReadonlySet<number>
  days: ReadonlySet<number>
  months: ReadonlySet<number>
  weekdays: ReadonlySet<number>
  /** Days of the month and of the week are alternatives, unless one of them is `*`. */
  anyDay: boolean
}

interface Bounds {
  name: string
  min: number
  max: number
  words: readonly string[]
}

const bounds: readonly Bounds[] = [
  { name: 'minutes', min: 0, max: 59, words: [] },
  { name: 'hours', min: 0, max: 23, words: [] },
  { name: 'days', min: 1, max: 31, words: [] },
  {
    name: 'months',
    min: 1,
    max: 12,
    words: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'weekdays', min: 0, max: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

class Fault extends Error {}

const numberOf = (text: string, { words }: Bounds): number => {
  const word = words.indexOf(text.toLowerCase())
  if (text && word >= 0) return word
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Fault(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  if (Number(text) < 0) throw new Fault(`negative number (${text}) not allowed: ${text}`)
  return Number(text)
}

const rangeOf = (text: string, limits: Bounds): number[] => {
  const [range = '', step, ...more] = text.split('/')
  if (more.length > 0) throw new Fault(`too many slashes: ${text}`)
  const ends = range.split('-')
  if (ends.length > 2) throw new Fault(`too many hyphens: ${text}`)
  const isAll = range === '*' || range === '?'
  const start = isAll ? limits.min : numberOf(ends[0] ?? '', limits)
  const isOpen = isAll || (step !== undefined && ends.length === 1)
  const end = isOpen ? limits.max : numberOf(ends[1] ?? ends[0] ?? '', limits)
  const stride = step === undefined ? 1 : numberOf(step, { ...limits, words: [] })
  if (start < limits.min) throw new Fault(`beginning of range (${start}) below minimum (${limits.min}): ${text}`)
  if (end > limits.max) throw new Fault(`end of range (${end}) above maximum (${limits.max}): ${text}`)
  if (start > end) throw new Fault(`beginning of range (${start}) beyond end of range (${end}): ${text}`)
  if (stride === 0) throw new Fault(`step of range should be a positive number: ${text}`)
  const numbers: number[] = []
  for (let each = start; each <= end; each += stride) numbers.push(each)
  return numbers
}

const isStar = (field: string): boolean => field.split(',').some(part => /^[*?](\/1)?$/.test(part))

/** A schedule, or what is wrong with its text, in the words of a real server. */
export const parseSchedule = (text: string): Schedule | { fault: string } => {
  const known = macros[text]
  if (text.startsWith('@') && !known) return { fault: `unrecognized descriptor: ${text}` }
  const fields = (known ?? text).trim().split(/\s+/)
  if (fields.length !== 5) return { fault: `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]` }
  try {
    const [minutes, hours, days, months, weekdays] = bounds.map(
      (limits, index) => new Set(fields[index]!.split(',').flatMap(part => rangeOf(part, limits))),
    ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>]
    return { minutes, hours, days, months, weekdays, anyDay: !isStar(fields[2]!) && !isStar(fields[4]!) }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message }
    throw error
  }
}

/** Whether a time zone is known by this name. */
export const isTimeZone = (name: string): boolean => {
  try {
    return name.toLowerCase() !== 'local' && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false // the only way that Intl tells
  }
}

interface Local {
  minute: number
  hour: number
  day: number
  month: number
  weekday: number
}

const localIn = (timeZone: string | undefined): ((ms: number) => Local) => {
  const shift = (ms: number): Local => {
    const date = new Date(ms)
    return {
      minute: date.getUTCMinutes(),
      hour: date.getUTCHours(),
      day: date.getUTCDate(),
      month: date.getUTCMonth() + 1,
      weekday: date.getUTCDay(),
    }
  }
  if (!timeZone) return shift
  const form = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  return ms => {
    const parts = Object.fromEntries(form.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
    return shift(Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute))
  }
}

const minuteMs = 60_000
/** A schedule such as `0 0 30 2 *` never comes: upstream stops looking here too. */
const horizonMs = 5 * 366 * 86_400_000

/** The first time after `ms`, in milliseconds; undefined where there is none within five years. */
export const nextTime = (schedule: Schedule, ms: number, timeZone?: string): number | undefined => {
  const local = localIn(timeZone)
  let at = (Math.floor(ms / minuteMs) + 1) * minuteMs
  const last = ms + horizonMs
  while (at <= last) {
    const { minute, hour, day, month, weekday } = local(at)
    const [inMonth, inWeek] = [schedule.days.has(day), schedule.weekdays.has(weekday)]
    const isDay = schedule.months.has(month) && (schedule.anyDay ? inMonth || inWeek : inMonth && inWeek)
    // Near the end of a day step by the hour: clocks change at night.
    if (!isDay && hour < 20) at += ((20 - hour) * 60 - minute) * minuteMs
    else if (!isDay || !schedule.hours.has(hour)) at += (60 - minute) * minuteMs
    else if (!schedule.minutes.has(minute)) at += minuteMs
    else return at
  }
  return undefined
}
