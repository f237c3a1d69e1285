// Kubernetes quantities as numbers: `250m` is 0.25, `1Gi` is 2^30.

// Models kubernetes/apimachinery/pkg/api/resource/quantity.go
const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** NaN for what is no quantity. */
export const quantity = (text: string | number | undefined): number => {
  if (text === undefined) return 0
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]{0,2})$/.exec(String(text))
  const factor = match?.[2] ? FACTORS[match[2]] : 1
  return match && factor !== undefined ? Number(match[1]) * factor : Number.NaN
}

/** Whether a text is a quantity. */
export const isQuantity = (value: unknown): boolean =>
  typeof value === 'number' || /^[+-]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(String(value))

export const quantityFault = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** A number as a quantity: `0.25` is `250m`; `binary` writes whole powers of 1024 as `Mi` and the like. */
export const quantityText = (value: number, binary = false): string => {
  const milli = Math.round(value * 1000)
  if (milli === 0) return '0'
  if (milli % 1000 !== 0) return `${milli}m`
  const base = binary ? 1024 : 1000
  let whole = milli / 1000
  let power = 0
  while (whole % base === 0 && power < 6) {
    whole /= base
    power++
  }
  return `${whole}${(binary ? BINARY : DECIMAL)[power]}`
}
