// Writes outputs so that two runs can be compared: whatever differs between two real clusters gets one name.

/** The letters and digits of names that Kubernetes makes: no vowels, so that no name spells a word. */
const letter = '[bcdfghjklmnpqrstvwxz2-9]'
const base = '\\b(openresty|web)'
export const podName = new RegExp(`${base}-${letter}{8,10}-${letter}{5}\\b`, 'g')
export const replicaSetName = new RegExp(`${base}-${letter}{8,10}\\b`, 'g')

const names: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})/g, '<time>'],
  [/\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '<time>'],
  [/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, '<uid>'],
  [/(sha256:|containerd:\/\/)[\da-f]{64}/g, '$1<id>'],
  [/resourceVersion: "\d+"/g, 'resourceVersion: "<revision>"'],
  [/kube-api-access-[a-z\d]{5}/g, 'kube-api-access-<name>'],
  [podName, '$1-<hash>-<name>'],
  [replicaSetName, '$1-<hash>'],
  [new RegExp(`${base}-${letter}{5}\\b`, 'g'), '$1-<name>'],
  [/pod-template-hash([=:]) ?[a-z\d]{8,10}\b/g, 'pod-template-hash$1<hash>'],
  [/\b10\.42\.\d+\.\d+\b/g, '<pod ip>'],
  [/\b10\.210\.0\.\d+\b/g, '<node ip>'],
  // The first two are the same in every cluster: the API's and the DNS server's.
  [/\b10\.43\.(?!0\.1\b|0\.10\b)\d+\.\d+\b/g, '<cluster ip>'],
  // 30080 is asked for; the others are any.
  [/\b3(?!0080\b)[0-2]\d{3}(?=\/TCP)/g, '<node port>'],
  [/\bnode\d\b/g, '<node>'],
  [/\b\d+#\d+: signal/g, '<pid>: signal'],
  [/(?<=\s)(\d+[smhd])+(?=\s|$)/gm, '<age>'],
  [/ over (\d+[smhd])+\)/g, ' over <age>)'],
  // kubectl says it since 1.34.
  [/ deleted from default namespace$/gm, ' deleted'],
  // So many changes were seen while it lasted.
  [/^(Waiting for .*\n)\1+/gm, '$1'],
]

/** Every name, time and address of a cluster by what it is. */
export const rename = (text: string): string => names.reduce((all, [pattern, name]) => all.replace(pattern, name), text)

/** One output, in comparable form: names and times replaced, columns one space apart, rows of like Pods in one order. */
export function normalise(output: string): string {
  const named = rename(output)
  const lines = named.split('\n').map(line => line.replace(/(?<=\S) {2,}/g, ' ').trimEnd())
  return sortParts(sortRuns(lines).join('\n')).trim()
}

/** Rows are listed by name, and names are random; Events of one second and variables of Services come in any order. */
function sortRuns(lines: string[]): string[] {
  const isLike = (line: string) => /^(pod\/)?(openresty|web)-<hash>|^ +Normal Successful(Create|Delete) |^KUBERNETES_/.test(line)
  const sorted: string[] = []
  let run: string[] = []
  for (const line of [...lines, '']) {
    if (isLike(line)) {
      run.push(line)
      continue
    }
    sorted.push(...run.sort(), line)
    run = []
  }
  return sorted
}

/** Descriptions of several Pods stand in the order of their names, too. */
function sortParts(text: string): string {
  const parts = text.trim().split(/\n\n+(?=Name:)/)
  return parts.sort().join('\n\n\n')
}
