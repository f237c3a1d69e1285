// Whether the MicroK8s of a bundle may take the place of an older one: Kubernetes goes up one minor version at a time.

/** Commands of older ones call sudo in a way that the sudo of Ubuntu 25.10 and later ignores. */
const oldestMinor = 35

/** `v1.34.3` is 34; undefined where it says no such thing. */
const minorOf = (version: string): number | undefined => {
  const minor = /^v?1\.(\d+)/.exec(version)?.[1]
  return minor === undefined ? undefined : Number(minor)
}

export const isOld = (version: string): boolean => (minorOf(version) ?? oldestMinor) < oldestMinor

/** The channels to go through until it is old no more. */
export const wayUp = (version: string): string => channelsUpTo(minorOf(version) ?? oldestMinor, oldestMinor)

export type Renewal =
  | { state: 'fits' }
  /** The same, or newer. */
  | { state: 'new-enough' }
  /** `channels`: those to go through before it can be renewed. */
  | { state: 'too-far'; channels: string }
  /** One of them is not numbered as Kubernetes is. */
  | { state: 'unclear' }

/** From the next minor version to the last one: `1.33/stable, 1.34/stable`. */
const channelsUpTo = (have: number, last: number): string =>
  Array.from({ length: Math.max(0, last - have) }, (_, step) => `1.${have + step + 1}/stable`).join(', ')

export const renewalOf = (have: string, offered: string): Renewal => {
  const [from, to] = [minorOf(have), minorOf(offered)]
  if (from === undefined || to === undefined) return { state: 'unclear' }
  if (to <= from) return { state: 'new-enough' }
  if (to === from + 1) return { state: 'fits' }
  return { state: 'too-far', channels: channelsUpTo(from, to - 1) }
}
