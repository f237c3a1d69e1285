// One lesson: its text, its manifest, what happens, and the terminal below.

import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LessonText } from '../../../electron/contract/lessons.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useEnter } from '../../parts/run-line.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { useAppState, useAttempt, useLearnersTerminal } from '../../state/use-state.ts'
import { type LessonActs, LessonPane } from './lesson-pane.tsx'
import { LivePane } from './live-pane.tsx'
import { ManifestPane } from './manifest-pane.tsx'
import { manifestsSoFar, nextAction, useLesson, useLessons } from './use-lesson.ts'
import './lesson-screen.css'

const fileOf = (text: LessonText, name: string | undefined) => text.files.find(file => file.name === name)

const Foot = ({ id, onReset }: { id: string; onReset(): void }) => {
  const { t } = useTranslation('labs')
  const { router } = useAppState()
  const { lessons } = useLessons()
  const index = lessons?.findIndex(lesson => lesson.id === id) ?? -1
  const before = lessons?.[index - 1]
  const after = index >= 0 ? lessons?.[index + 1] : undefined
  return (
    <footer className="lesson-foot">
      <Button look="ghost" onPress={() => router.go(before ? { screen: 'labs', id: before.id } : { screen: 'labs' })}>
        <Icon name="left" small />
        {before ? t('number', { number: before.number }) : t('all')}
      </Button>
      <span className="gap" />
      <Button look="ghost" onPress={onReset}>
        <Icon name="undo" small />
        {t('reset')}
      </Button>
      {after && (
        <Button look="ghost" onPress={() => router.go({ screen: 'labs', id: after.id })}>
          {t('number', { number: after.number })}
          <Icon name="right" small />
        </Button>
      )}
    </footer>
  )
}

export const LessonScreen = ({ id }: { id: string }) => {
  const { t } = useTranslation('labs')
  const api = useApi()
  const attempt = useAttempt()
  const { text, progress, error } = useLesson(id)
  const terminal = useLearnersTerminal()
  const [asking, setAsking] = useState<{ task?: string }>()
  const [chosen, setTab] = useState<'manifest' | 'live'>()
  // what a command does is looked up when it is clicked: the same acts for as long as the lesson is open
  const type = useRef(terminal)
  type.current = terminal
  const acts = useMemo<LessonActs>(
    () => ({
      run: (task, action) =>
        void attempt(async () => api.lessons.act({ lesson: id, task, action, terminal: await type.current() })),
      solve: task => void attempt(async () => api.lessons.solve({ lesson: id, task, terminal: await type.current() })),
      skip: task => void attempt(() => api.lessons.skip({ lesson: id, task })),
      reset: task => setAsking({ task }),
    }),
    [api, attempt, id],
  )
  const next = text && progress && nextAction(text, progress)
  useEnter(next && !asking ? () => acts.run(next.task, next.action) : undefined)

  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  if (!text || !progress) return <div className="lab" aria-busy="true" />
  const manifests = manifestsSoFar(text, progress)
  // Until something has been done there is nothing to see but what is about to be done.
  const tab = chosen ?? (progress.marks.length > 0 ? 'live' : 'manifest')
  return (
    <div className="lab" data-tab={tab}>
      <section className="lesson" aria-label={t('lesson')}>
        <div className="lesson-scroll">
          <LessonPane text={text} progress={progress} acts={acts} />
        </div>
        <Foot id={id} onReset={() => setAsking({})} />
      </section>
      <div className="lab-tabs">
        <Segmented
          label={t('live.title')}
          value={tab}
          onChange={setTab}
          choices={[
            { id: 'live', text: t('tabs.live') },
            { id: 'manifest', text: t('tabs.manifest') },
          ]}
        />
      </div>
      <ManifestPane
        file={fileOf(text, manifests.at(-1))}
        before={fileOf(text, manifests.at(-2))?.text}
        namespace={text.namespace}
      />
      <LivePane text={text} progress={progress} />
      <Dialog
        isOpen={asking !== undefined}
        title={t(asking?.task ? 'resetTaskAsk' : 'resetAsk')}
        act={t(asking?.task ? 'resetTaskYes' : 'resetYes')}
        cancel={t('cancel')}
        onClose={() => setAsking(undefined)}
        onAct={() => {
          setAsking(undefined)
          const task = asking?.task
          void attempt(() => (task ? api.lessons.resetTask({ lesson: id, task }) : api.lessons.reset({ lesson: id })))
        }}
      >
        {t(asking?.task ? 'resetTaskWhat' : 'resetWhat')}
      </Dialog>
    </div>
  )
}
