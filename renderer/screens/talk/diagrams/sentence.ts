// A write in words: who it was, and what they did.

import { useTranslation } from 'react-i18next'
import type { Actor, Journey } from '../../../../electron/contract/trace.ts'
import { shortName } from './pill.ts'

const [endsInHan, beginsWithHan] = [/\p{Script=Han}$/u, /^\p{Script=Han}/u]
/** What stands between two pieces of one sentence: nothing between 汉字. */
export const between = (a: string, b: string): string => (endsInHan.test(a) && beginsWithHan.test(b) ? '' : ' ')

export const useSentence = () => {
  const { t, i18n } = useTranslation('talk')
  const who = ({ role, node }: Actor): string => {
    const name = t(i18n.exists(`talk:parts.${role}.title`) ? `parts.${role}.title` : `parts.${role}.name`)
    return node === undefined ? name : `${name} ${node}`
  }
  const what = (journey: Journey): string =>
    t(`deeds.${journey.deed}`, { kind: journey.kind, name: shortName(journey), node: journey.node ?? '' })
  return { who, what }
}
