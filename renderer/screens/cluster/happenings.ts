// Events as happenings: newest first, like with like, each with the name of its sentence.

import type { KubeObject } from '../../../electron/contract/cluster.ts'
import { type Objects, objectsOf } from '../../state/objects.ts'
import { type Words, wordsOf } from './happening-words.ts'

export interface Happening {
  id: string
  /** Milliseconds since the epoch. */
  at: number
  /** What it happened to, as one would call it: a Deployment for its Pods, else the object itself. */
  who: string
  /** Names its sentence in the locale files; undefined for those we have no words for. */
  word: string | undefined
  facts: Record<string, string | number>
  /** Kubernetes' own words. */
  message: string
  isWarning: boolean
  /** How many objects it happened to at about the same moment. */
  count: number
}

interface Event {
  uid: string
  at: number
  kind: string
  name: string
  objectUid: string
  reason: string
  message: string
  isWarning: boolean
  words: Words | undefined
}

/** Milliseconds within which the same thing, happening to Pods of one owner, is told once. */
const together = 3000
const longest = 60

const read = (object: KubeObject): Event => {
  const {
    involvedObject = {},
    reason,
    message,
    type,
    lastTimestamp,
    eventTime,
    firstTimestamp,
  } = object as unknown as {
    involvedObject?: { kind?: string; name?: string; uid?: string }
    reason?: string
    message?: string
    type?: string
    lastTimestamp?: string
    eventTime?: string
    firstTimestamp?: string
  }
  const event = { kind: involvedObject.kind ?? '', name: involvedObject.name ?? '', reason: reason ?? '', message: message ?? '' }
  return {
    ...event,
    uid: object.metadata.uid,
    at: Date.parse(lastTimestamp || eventTime || firstTimestamp || object.metadata.creationTimestamp),
    objectUid: involvedObject.uid ?? '',
    isWarning: type === 'Warning',
    words: wordsOf(event),
  }
}

/** The steps between a Pod's scheduling and its start are in its waterfall; here they would drown the rest. */
const isDetail = ({ reason, message, words }: Event): boolean =>
  ['pulling', 'pulled', 'created', 'podCreated', 'podDeleted'].includes(words?.word ?? '') ||
  // told a moment before with the image's name
  (reason === 'Failed' && /^Error: \w+$/.test(message))

/** One happening to a single object has a sentence of its own where counting would sound odd. */
const single = new Set(['scheduled', 'started', 'killing'])

/** @param family only events of these uids; all details are told then */
export const happenings = (objects: Objects, family?: ReadonlySet<string>): Happening[] => {
  const pods = objects.byKind.get('Pod')
  const sets = objects.byKind.get('ReplicaSet')
  const callOf = ({ kind, name, objectUid }: Event): string => {
    const owner = kind === 'Pod' ? pods?.get(objectUid)?.metadata.ownerReferences?.[0] : undefined
    const above = owner
      ? sets?.get(owner.uid)?.metadata.ownerReferences?.[0]
      : sets?.get(objectUid)?.metadata.ownerReferences?.[0]
    // A Pod that is gone has only its name left to tell the family: <deployment>-<hash>-<five letters>.
    if (kind === 'Pod' && !owner) return /^(.+)-[a-z0-9]{6,10}-[a-z0-9]{5}$/.exec(name)?.[1] ?? name
    return above?.name ?? owner?.name ?? name
  }
  const events = objectsOf(objects, 'Event')
    .map(read)
    .filter(event => (family ? family.has(event.objectUid) : !isDetail(event)))
    .sort((a, b) => b.at - a.at || b.uid.localeCompare(a.uid))
  const told: (Happening & { reason: string; kind: string; names: Set<string> })[] = []
  for (const event of events) {
    const who = callOf(event)
    const same = told.find(
      ({ reason, kind, who: known, at }) =>
        reason === event.reason && kind === event.kind && known === who && at - event.at < together,
    )
    if (same && event.kind === 'Pod') {
      same.names.add(event.name)
      same.count = same.names.size
      continue
    }
    const { words } = event
    told.push({
      id: event.uid,
      at: event.at,
      who,
      word: words?.word,
      facts: words?.facts ?? {},
      message: event.message,
      isWarning: event.isWarning,
      count: 1,
      reason: event.reason,
      kind: event.kind,
      names: new Set([event.name]),
    })
    if (told.length >= longest) break
  }
  return told.map(({ reason: _, kind: __, names, ...happening }) => ({
    ...happening,
    // Alone, a Pod goes by its own name.
    who: happening.count === 1 ? ([...names][0] ?? happening.who) : happening.who,
    word: happening.word && single.has(happening.word) && happening.count === 1 ? `${happening.word}One` : happening.word,
  }))
}
