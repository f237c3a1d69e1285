// Which cluster the demos run on, how it is, and the way out when it fails in front of everybody.

import { useTranslation } from 'react-i18next'
import { causeIds, wordsOf } from '../../../../electron/contract/diagnosis.ts'
import { useApi } from '../../../api/use-api.ts'
import { Button, Key } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { StateShape } from '../../../parts/state-shape.tsx'
import { targetShape, useTargetName, useTargetNote } from '../../../state/target-name.ts'
import { useCurrentTarget } from '../../../state/use-state.ts'
import { useTroubles } from '../../cluster/use-troubles.ts'

export const ClusterCard = ({ onRescue }: { onRescue(): void }) => {
  const { t } = useTranslation('talk')
  const target = useCurrentTarget()
  const nameOf = useTargetName()
  const note = useTargetNote()
  const [trouble, ...more] = useTroubles()
  const isSafe = target?.kind === 'practice' && target.state === 'ready'
  return (
    <section className="presenter-cluster" aria-label={t('cluster.title')}>
      <h2>{t('cluster.title')}</h2>
      <p>
        <StateShape state={target ? targetShape[target.state] : 'pending'} />
        <b>{target ? nameOf(target) : t('cluster.none')}</b>
        <span className="muted">{target && note(target)}</span>
      </p>
      {trouble && (
        <p className="small">
          <StateShape state="failed" />
          <span>
            {t(`diagnosis:${wordsOf(trouble).title}`, trouble.facts)} <code>{trouble.subject.name}</code>{' '}
            <code className="faint">{causeIds[trouble.cause]}</code>
            {more.length > 0 && <span className="muted"> {t('cluster.more', { count: more.length })}</span>}
          </span>
        </p>
      )}
      {!isSafe && (
        <Button onPress={onRescue}>
          {t('rescue.open')} <Key>R</Key>
        </Button>
      )}
    </section>
  )
}

/** The word before the switch: what will happen, and what stays. */
export const RescueDialog = ({ onClose, fail }: { onClose(): void; fail(fault: unknown): void }) => {
  const { t } = useTranslation('talk')
  const api = useApi()
  const target = useCurrentTarget()
  const nameOf = useTargetName()
  const act = () => {
    onClose()
    api.cluster.use({ id: 'practice' }).catch(fail)
  }
  return (
    <Dialog isOpen title={t('rescue.title')} act={t('rescue.act')} cancel={t('rescue.stay')} onAct={act} onClose={onClose}>
      <p>{target ? t('rescue.from', { name: nameOf(target) }) : t('rescue.fromNone')}</p>
      <p>{t('rescue.what')}</p>
    </Dialog>
  )
}
