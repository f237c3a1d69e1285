// Deleting an object: asked once; on a cluster that is not practice its name has to be typed.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Kind, KubeObject } from '../../../electron/contract/cluster.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useTargetName } from '../../state/target-name.ts'
import { useAttempt, useCurrentTarget } from '../../state/use-state.ts'

/** Machines are not ours to delete, and what happened is past. */
const isKept = ({ kind }: KubeObject): boolean => kind === 'Node' || kind === 'Event'

export const Removal = ({ object, onGone }: { object: KubeObject; onGone(): void }) => {
  const { t } = useTranslation('cluster')
  const api = useApi()
  const attempt = useAttempt()
  const target = useCurrentTarget()
  const nameOf = useTargetName()
  const [isAsking, setAsking] = useState(false)
  if (isKept(object) || !target) return null
  const { kind, metadata } = object
  const { name, namespace, uid } = metadata
  const isPractice = target.kind === 'practice'
  const remove = async () => {
    setAsking(false)
    const confirm = isPractice ? undefined : name
    const wish = { cluster: target.id, kind: kind as Kind, namespace, name, uid, ...(confirm && { confirm }) }
    if (await attempt(() => api.cluster.delete(wish))) onGone()
  }
  return (
    <p className="removal">
      <Button look="ghost" onPress={() => setAsking(true)}>
        {t('detail.delete')}
      </Button>
      <Dialog
        key={String(isAsking)}
        isOpen={isAsking}
        title={t('detail.deleteTitle', { kind, name })}
        act={t('detail.deleteDo')}
        cancel={t('detail.cancel')}
        {...(!isPractice && { typed: { word: name, ask: t('detail.deleteType', { name }) } })}
        onAct={() => void remove()}
        onClose={() => setAsking(false)}
      >
        <p>{t('detail.deleteWhere', { cluster: nameOf(target) })}</p>
        <p>{t(kind === 'Namespace' ? 'detail.deleteNamespace' : 'detail.deleteWhat')}</p>
      </Dialog>
    </p>
  )
}
