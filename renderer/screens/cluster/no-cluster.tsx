// When there is nothing to show: why, and the next thing to do.

import { useTranslation } from 'react-i18next'
import type { Target } from '../../../electron/contract/cluster.ts'
import { useApi } from '../../api/use-api.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { hrefOf } from '../../state/route.ts'
import { useTargetName } from '../../state/target-name.ts'
import { useAttempt } from '../../state/use-state.ts'
import { Microk8sStrip } from './microk8s-strip.tsx'

export const NoCluster = ({ target, isLoading }: { target: Target | undefined; isLoading?: boolean }) => {
  const { t } = useTranslation('cluster')
  const api = useApi()
  const attempt = useAttempt()
  const nameOf = useTargetName()
  const use = (id: string) => void attempt(() => api.cluster.use({ id }))
  const setup = (
    <LinkButton look="ghost" href={hrefOf({ screen: 'setup' })}>
      {t('empty.setup')}
    </LinkButton>
  )
  if (target?.state === 'failed')
    return (
      <div className="screen padded">
        <ErrorPanel
          look="page"
          error={target.error ?? { code: 'cluster.unreachable', details: { server: target.server ?? '' } }}
          acts={
            <>
              <Button look="primary" onPress={() => use(target.id)}>
                {t('empty.again')}
              </Button>
              {target.error?.code === 'practice.damaged' || target.error?.code === 'practice.newer' ? (
                <Button look="ghost" onPress={() => void attempt(() => api.practice.startAfresh({}))}>
                  {t('time.afreshDo')}
                </Button>
              ) : null}
              {target.kind === 'practice' ? null : (
                <Button look="ghost" onPress={() => use('practice')}>
                  {t('empty.start')}
                </Button>
              )}
            </>
          }
        />
        {target.kind === 'microk8s' ? <Microk8sStrip isUp={false} /> : null}
      </div>
    )
  const which = isLoading ? 'loading' : (target?.state ?? 'none')
  const isWaiting = which === 'starting' || which === 'loading'
  const say = (part: 'title' | 'about') => t(`empty.${which}.${part}`, { name: target ? nameOf(target) : '' })
  return (
    <div className="screen">
      <EmptyState
        title={say('title')}
        acts={
          isWaiting ? null : (
            <>
              <Button look="primary" large onPress={() => use(target?.id ?? 'practice')}>
                {t(target && target.kind !== 'practice' ? 'empty.use' : 'empty.start')}
              </Button>
              {setup}
            </>
          )
        }
      >
        <p role={isWaiting ? 'status' : undefined}>
          {isWaiting ? <StateShape state="progressing" /> : null} {say('about')}
        </p>
      </EmptyState>
    </div>
  )
}
