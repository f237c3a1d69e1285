// The one list of what differs from the recordings, and why.

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface Difference {
  at: string
  reason: string
  /** Pattern of what is answered instead. */
  answer: string
}

interface Differences {
  different: Difference[]
  passing: { at: string; reason: string }[]
  ofTheClient: { command: string; reason: string }[]
  /** `to`: only in exchanges whose request is such. */
  http: { said: string; to?: string; reason: string }[]
  /** `of`: only in documents so called. */
  documents: { fact: string; of?: string; reason: string }[]
}

const list = parse(readFileSync(new URL('differences.yaml', import.meta.url), 'utf8')) as Differences

export const differenceAt = (at: string): Difference | undefined => list.different.find(each => each.at === at)
export const isPassing = (at: string): boolean => list.passing.some(each => each.at === at)
export const isOfTheClient = (command: string): boolean => list.ofTheClient.some(each => new RegExp(each.command).test(command))
/** Where the list points to in one recording. */
export const listedAt = (recording: string): string[] =>
  [...list.different, ...list.passing].map(({ at }) => at).filter(at => at.startsWith(`${recording}:`))

/** Lines of HTTP, of ours or of the recording, that the other has not. */
export const httpDifferences = list.http

/** Facts of documents, of ours or of the recording, that the other has not. */
export const documentDifferences = list.documents
