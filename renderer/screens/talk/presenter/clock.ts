// Times as a presenter reads them. Pure.

/** `7:04`, `61:30`. */
export const clockText = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** A span in words: `2 min 10 s`; tens of seconds are as fine as anybody talks. */
export const spanText = (t: (key: string, facts: Record<string, number>) => string, ms: number): string => {
  const tens = Math.max(1, Math.round(ms / 10_000)) * 10
  const facts = { minutes: Math.floor(tens / 60), seconds: tens % 60 }
  if (facts.minutes === 0) return t('talk:span.seconds', facts)
  return t(facts.seconds === 0 ? 'span.minutes' : 'span.both', facts)
}
