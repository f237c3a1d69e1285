// The presenter's clock: minutes and seconds since the timer started.

/** `7:04`, `61:30`; nothing before the start. */
export const elapsed = (startedAt: number | null, now: number): string => {
  if (startedAt === null) return '0:00'
  const seconds = Math.max(0, Math.floor((now - startedAt) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
