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
