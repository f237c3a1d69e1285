// What types and fields mean, for `kubectl explain`: empty here; the build fills it in (build/descriptions.ts).

/** By type, as `core.PodSpec`: each field's words, and under '' the type's own. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

export const descriptions: Descriptions = {}
