// A step's commands and their undoing as the plan shows them. Pure.

import type { PlannedStep, ShownCommand } from '../contract/setup.ts'
import { aliasLine } from './alias.ts'
import { commandsOf } from './helper/commands.ts'
import { contentOf, quoted, shownAct } from './shown.ts'
import type { Command, Doing, Finding, Step, UserAct } from './step.ts'

/** What the engine does as the user, in the words of whoever would do it by hand. */
const shownUserAct = (act: UserAct): string => {
  switch (act.type) {
    case 'kubeconfig-merge':
      return 'microk8s config --use-loopback >> ~/.kube/config'
    case 'kubeconfig-remove':
      return 'kubectl config delete-context microk8s'
    case 'alias-add':
      return `echo ${quoted(aliasLine)} >> ${quoted(act.path)}`
    case 'alias-remove':
      return `sed -i ${quoted(`\\|^${aliasLine}$|d`)} ${quoted(act.path)}`
    case 'wait-ready':
      return 'microk8s status --wait-ready'
    case 'wait-images':
      return 'microk8s ctr image ls'
    case 'wait-addons':
      return 'microk8s status --addon core/dns'
    case 'wait-pods':
      return 'kubectl -n kube-system wait pod --all --for=condition=Ready'
    case 'hello-run':
      return `kubectl -n kubernetes-hello-world-setup run hello --image=${act.image}`
    case 'hello-remove':
      return 'kubectl delete namespace kubernetes-hello-world-setup'
  }
}

export const shownDoing = (doing: Doing): string =>
  doing.as === 'user'
    ? shownUserAct(doing.does)
    : commandsOf(doing.request)
        .filter(act => act.type !== 'remove-empty')
        .map(shownAct)
        .join('\n')

const textOf = (doing: Doing): string | undefined =>
  doing.as === 'root'
    ? commandsOf(doing.request)
        .map(contentOf)
        .find(text => text !== undefined)
    : undefined

const shown = (doing: Doing, why: string, touches: readonly string[]): ShownCommand => {
  const content = textOf(doing)
  return { text: shownDoing(doing), as: doing.as, why, touches: [...touches], ...(content === undefined ? {} : { content }) }
}

const undoOf = ({ change, touches }: Command): ShownCommand[] =>
  change === undefined || change.temporary ? [] : change.undo.map(doing => shown(doing, `undo-${change.what}`, touches))

/** `setup.notes.<note>`. */
const noteOf = (finding: Finding): string | undefined => {
  switch (finding.state) {
    case 'done':
      return finding.note
    case 'blocked':
      return finding.reason
    case 'later':
      return finding.why
    case 'needed':
      return undefined
  }
}

export const plannedStep = ({ id, seconds }: Step, finding: Finding): PlannedStep => {
  const commands = finding.state === 'needed' ? finding.commands : finding.state === 'later' ? finding.likely : []
  const note = noteOf(finding)
  return {
    id,
    state: finding.state,
    ...(note === undefined ? {} : { note }),
    facts: 'facts' in finding ? { ...finding.facts } : {},
    commands: commands.map(command => shown(command, command.why, command.touches)),
    undo: commands.toReversed().flatMap(undoOf),
    seconds: finding.state === 'done' ? 0 : seconds,
  }
}
