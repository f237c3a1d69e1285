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
