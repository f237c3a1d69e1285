// What a lesson is: tasks with actions and checks, as data. The words come in every language.

import type { Kind } from '../contract/cluster.ts'
import type { Language } from '../contract/shapes.ts'

export type Local = Readonly<Record<Language, string>>

/** `pod/openresty`, or `pod -l app=openresty`; `-n NAMESPACE` behind it where that is not the lesson's. */
export interface Ref {
  kind: Kind
  name?: string
  selector?: Readonly<Record<string, string>>
  namespace?: string
}

/** What `for:` may say of objects; the first three are kubectl wait's own words. */
export type Condition =
  | { type: 'condition'; name: string; value: string }
  | { type: 'jsonpath'; path: string; value?: string }
  /** Gone, though it was there at the moment `since`. */
  | { type: 'delete' }
  | { type: 'exists' }
  /** Another object (another uid) than at the moment `since`; Pods must be Ready too. */
  | { type: 'replaced' }
  | { type: 'count'; count: number; atLeast: boolean }

export type Test =
  | { type: 'object'; of: Ref; for: Condition }
  | {
      type: 'http'
      of: Ref
      port: number
      path: string
      status: number
      /** Text that the body must hold; `{.status.podIP}` in it stands for the Pod's own. */
      contains?: string
      /** Every Pod must answer so; else one is enough. */
      each: boolean
      /** How many different bodies the answers of one object must have: a Service with several Pods behind it. */
      varies: number
    }
  /** A command run in the Pod's container: it ends with exit code 0 and prints what is wanted. */
  | { type: 'exec'; of: Ref; command: readonly string[]; contains?: string; atLeast?: number }
  /** A command line that ended with exit code 0 and matches. */
  | { type: 'ran'; pattern: RegExp }

export interface Check {
  id: string
  text: Local
  test: Test
  /** Passing once is enough: later actions of the lesson undo it. */
  once: boolean
  /** Counts only once this other check has passed. */
  after?: string
  /** For `replaced`, `delete`, http and exec: compared with the objects that were there when this check first passed. */
  since?: string
  /** The lesson's own hints, tried before the general ones. */
  hints: readonly { when: { of: Ref; for: Condition }; say: Local }[]
}

export interface Action {
  id: string
  kind: 'run' | 'slide'
  /** A command line, or a slide's id. */
  text: string
  file?: string
  /** The exit code that is right for this command; 0 unless failing is the point. */
  exits: number
  /** Checks that pass through this action; a scripted solution waits for them before it goes on. */
  passes: readonly string[]
}

export interface Task {
  id: string
  title: Local
  /** Markdown, without the commands: actions show them. */
  say: Local
  actions: readonly Action[]
  checks: readonly Check[]
}

export interface Lesson {
  /** The folder's name. */
  id: string
  number: string
  namespace: string
  title: Local
  about: Local
  /** Markdown. */
  intro: Local
  /** Markdown: what the next lesson answers. */
  question: Local
  tasks: readonly Task[]
  /** Objects that must be there before the lesson begins. */
  needs: readonly Ref[]
  /** Objects that the lesson makes; nothing else is ever deleted. */
  creates: readonly Ref[]
  /** Command lines that leave nothing behind. */
  cleanup: readonly string[]
  files: readonly { name: string; text: string }[]
}

/** The lesson's own namespace, and those in which it makes something too. */
export const namespacesOf = ({ namespace, creates }: Pick<Lesson, 'namespace' | 'creates'>): string[] => [
  ...new Set([namespace, ...creates.flatMap(ref => ref.namespace ?? [])]),
]

export const checksOf = (lesson: Lesson): Check[] => lesson.tasks.flatMap(task => [...task.checks])
