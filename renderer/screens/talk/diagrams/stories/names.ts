// Names for a story's Pods: the same at each telling, and like those that Kubernetes makes.

/** Kubernetes leaves out vowels, and what looks like them, so that no name is a word. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** @param seed stories with different seeds have different names */
export const endings = (count: number, seed: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    Array.from(
      { length: 5 },
      (_, place) => letters[(seed * 7 + index * 11 + place * (place + index + seed) * 5 + 3) % letters.length],
    ).join(''),
  )
