// Copies and compares plain JSON: several times faster than structuredClone, which matters at a thousand Pods.

/** A deep copy of plain JSON. */
export const clone = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(clone) as T
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    // A key named __proto__ would otherwise set the prototype.
    if (key === '__proto__') continue
    copy[key] = clone((value as Record<string, unknown>)[key])
  }
  return copy as T
}

/** Deep equality of plain JSON; an absent field equals an undefined one. */
export const isEqual = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index]))
    )
  }
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>]
  for (const key of Object.keys(a)) if (!isEqual(a[key], b[key])) return false
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false
  return true
}
