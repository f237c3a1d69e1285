// Whether each demo would work here, now, offline: what would fail, and what to do about it.

import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Obstacle, Readiness } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import { Button } from '../../../parts/button.tsx'
import { type StateName, StateShape } from '../../../parts/state-shape.tsx'
import { useSettings } from '../../../state/use-state.ts'

const shapeOf = (obstacles: readonly Obstacle[]): StateName =>
  obstacles.some(({ isSure }) => isSure) ? 'failed' : obstacles.length > 0 ? 'attention' : 'ready'

const Told = ({ obstacle, act }: { obstacle: Obstacle; act?: ReactNode }) => {
  const { t } = useTranslation('talk')
  return (
    <li>
      <StateShape state={obstacle.isSure ? 'failed' : 'attention'} />
      <p>
        <b>{t(`obstacles.${obstacle.id}.what`, obstacle.facts)}</b> {t(`obstacles.${obstacle.id}.next`, obstacle.facts)} {act}
      </p>
    </li>
  )
}

export const DemoList = ({ onGo, fail }: { onGo(slide: string): void; fail(fault: unknown): void }) => {
  const { t } = useTranslation('talk')
  const api = useApi()
  const language = useSettings()?.language ?? 'zh-CN'
  const [readiness, setReadiness] = useState<Readiness>()
  useEffect(() => api.talk.readiness({ language }, setReadiness, { onError: fail }), [api, language, fail])
  if (!readiness) return <p className="rehearsal-none">{t('rehearsal.looking')}</p>
  const { common, demos } = readiness
  const isStopped = common.some(({ isSure }) => isSure)
  const failing = demos.filter(({ obstacles }) => isStopped || shapeOf(obstacles) === 'failed').length
  const reset = (lesson: string) => (
    <Button look="ghost" onPress={() => void api.lessons.reset({ lesson }).catch(fail)}>
      {t('obstacles.reset')}
    </Button>
  )
  return (
    <section className="demo-list" aria-label={t('rehearsal.demos')}>
      <h3 role="status">
        <StateShape state={failing > 0 ? 'failed' : 'ready'} />
        {failing > 0
          ? t('rehearsal.someFail', { count: failing, all: demos.length })
          : t('rehearsal.allWork', { count: demos.length })}
      </h3>
      <ul className="demo-obstacles">
        {common.map(obstacle => (
          <Told key={obstacle.id} obstacle={obstacle} />
        ))}
      </ul>
      <ol>
        {demos.map(({ slide, title, lesson, commands, obstacles }) => (
          <li key={slide} data-slide={slide}>
            <div className="demo-head">
              <StateShape state={isStopped ? 'pending' : shapeOf(obstacles)} />
              <button type="button" className="demo-title" onClick={() => onGo(slide)}>
                {title}
              </button>
              <code className="faint">
                {commands.length > 1 ? t('rehearsal.more', { command: commands[0], count: commands.length - 1 }) : commands[0]}
              </code>
            </div>
            {obstacles.length > 0 && (
              <ul className="demo-obstacles">
                {obstacles.map(obstacle => (
                  <Told
                    key={`${obstacle.id} ${JSON.stringify(obstacle.facts)}`}
                    obstacle={obstacle}
                    act={obstacle.id === 'halfDone' && lesson && reset(lesson)}
                  />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
