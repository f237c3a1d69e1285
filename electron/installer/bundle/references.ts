// Names of container images, and which of them a MicroK8s snap needs, by its own files. Pure.

export interface Reference {
  registry: string
  repository: string
  /** A tag, or `sha256:…`. */
  version: string
}

/** With registry and tag, as container runtimes look images up. */
export const fullName = (name: string): string => {
  const [first = '', ...rest] = name.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const path = hasRegistry ? name : rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`
  const isTagged = path.includes('@') || /:[^/]+$/.test(path)
  return isTagged ? path : `${path}:latest`
}

export const parseReference = (name: string): Reference => {
  const full = fullName(name)
  const [registry = '', ...rest] = full.split('/')
  const path = rest.join('/')
  const at = path.includes('@') ? path.indexOf('@') : path.lastIndexOf(':')
  const repository = path.slice(0, at).replace(/:[^/]+$/, '')
  return { registry, repository, version: path.slice(at + 1) }
}

/** Lines that name an image: in manifests, in containerd's configuration, and in variables such as BUSYBOX_IMAGE. */
const patterns = [
  /^\s*-?\s*image:\s*["']?([^\s"'#]+)/gm,
  /^\s*sandbox(?:_image)?\s*=\s*["']([^"']+)["']/gm,
  /^\s*-?\s*name:\s*["']?\w+_IMAGE["']?\s*\n\s*value:\s*["']?([^\s"'#]+)/gm,
]

/** Sorted full names. Names with variables in them are left out: only the cluster knows them. */
export const imagesIn = (texts: readonly string[]): string[] => {
  const names = texts.flatMap(text => patterns.flatMap(pattern => [...text.matchAll(pattern)].map(match => match[1] as string)))
  return [...new Set(names.filter(name => !/[${}]/.test(name)).map(fullName))].sort()
}
