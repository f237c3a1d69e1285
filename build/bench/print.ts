// How figures are printed: the median, the spread, and the limit where one is set.

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** One line of what was measured, in milliseconds unless told. */
export const print = (name: string, values: readonly number[], limit?: number, unit = 'ms'): void => {
  const [least, middle, most] = [Math.min(...values), median(values), Math.max(...values)].map(value => Math.round(value))
  const spread = values.length > 1 ? `  (${least} to ${most}, ${values.length} runs)` : ''
  const judged = limit === undefined ? '' : `  ${(median(values) / limit).toFixed(2)} of the limit of ${limit} ${unit}`
  console.log(`${name.padEnd(46)} ${String(middle).padStart(7)} ${unit}${spread}${judged}`)
}

/** One line of ours beside the peer's, and how many times as good ours is; NaN is what the peer did not reach. */
export const compare = (name: string, ours: number, peers: number, unit = 'ms', isMoreBetter = false): void => {
  const figure = (value: number) => (Number.isNaN(value) ? 'none' : `${value < 10 ? value.toFixed(1) : Math.round(value)}`)
  const ratio = isMoreBetter ? ours / peers : peers / ours
  const judged = Number.isFinite(ratio)
    ? `${ratio < 10 ? ratio.toFixed(2) : Math.round(ratio)} times as good`
    : 'the peer did not get there'
  console.log(
    `${name.padEnd(46)} ${figure(ours).padStart(7)} ${unit.padEnd(4)} peer ${figure(peers).padStart(7)} ${unit.padEnd(4)} ${judged}`,
  )
}
