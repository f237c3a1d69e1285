// The explanation beside a diagram: what the lit part is; of who acts, what it watches and writes; of an object, what it says and who minds it.

import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../../../electron/contract/cluster.ts'
import type { Journey } from '../../../../electron/contract/trace.ts'
import { isPlayedBy } from './drawing.ts'
import { shortName } from './pill.ts'
import { lastRuled } from './rules.ts'
import { between, useSentence } from './sentence.ts'

const rows = ['holds', 'keeper', 'watches', 'writes', 'not'] as const

interface ExplanationProps {
  part: string
  /** What has been written so far: the part's own last deed is told. */
  journeys: readonly Journey[]
  /** As they are after that. */
  objects: readonly KubeObject[]
  /** Where the picture is of one node: what its kubelet did, not another's. */
  node?: string
}

export const Explanation = ({ part, journeys, objects, node }: ExplanationProps) => {
  const { t, i18n } = useTranslation('talk')
  const { who, what } = useSentence()
  // Every write goes through the one into the other.
  const isCommon = part === 'kube-apiserver' || part === 'etcd'
  const line = (journey: Journey) => who(journey.by) + between(who(journey.by), what(journey)) + what(journey)
  const lastDeed = () => {
    if (part === 'kube-proxy') {
      const ruled = lastRuled(journeys, objects)
      return ruled && t(ruled.deed === 'gone' ? 'ruled.gone' : 'ruled.changed', { kind: ruled.kind, name: shortName(ruled) })
    }
    const isHere = (of: string | undefined) => node === undefined || of === undefined || of === node
    const last = isCommon ? journeys.at(-1) : journeys.findLast(({ by }) => isPlayedBy(part, by.role) && isHere(by.node))
    return last && (isCommon ? line(last) : what(last))
  }
  const deed = lastDeed()
  const words = (key: string) => (i18n.exists(`talk:parts.${part}.${key}`) ? t(`parts.${part}.${key}`) : undefined)
  return (
    <aside className="explanation" aria-live="polite">
      <h2>{words('title') ?? words('name')}</h2>
      <p className="claim">{words('what')}</p>
      <dl>
        {rows.map(row => {
          const text = words(row)
          return (
            text && (
              <div key={row}>
                <dt>{t(`rows.${row}`)}</dt>
                <dd>{text}</dd>
              </div>
            )
          )
        })}
      </dl>
      {deed && <p className="just-now">{t('justNow', { what: deed })}</p>}
    </aside>
  )
}
