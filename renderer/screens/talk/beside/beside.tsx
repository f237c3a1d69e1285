// What stands beside a slide: the lesson's picture and the talk's terminal.

import { useTranslation } from 'react-i18next'
import { useSize } from '../../../parts/use-size.ts'
import { LivePane } from '../../labs/live-pane.tsx'
import { useLesson } from '../../labs/use-lesson.ts'
import type { Talk } from '../use-talk.ts'
import { TalkTerminal } from './talk-terminal.tsx'
import type { SlideActs } from './use-slide-acts.ts'
import './beside.css'

/** The drawing is laid out as for a pane of this size, in pixels, and drawn as large as its place allows. */
const drawn = { width: 640, height: 375 }

const Chart = ({ lesson }: { lesson: string }) => {
  const { text, progress } = useLesson(lesson)
  const { ref, size } = useSize()
  const zoom = Math.max(1, Math.min(size.width / drawn.width, size.height / drawn.height))
  return (
    <div className="beside-chart" ref={ref}>
      {text && progress && <LivePane text={text} progress={progress} zoom={zoom} />}
    </div>
  )
}

interface BesideProps {
  acts: SlideActs
  shown: Talk['beside']
  lesson: string | undefined
  terminal: string | null
}

export const Beside = ({ acts, shown, lesson, terminal }: BesideProps) => {
  const { t } = useTranslation('talk')
  const { ref, size } = useSize<HTMLElement>()
  return (
    <section className="beside" aria-label={t('beside.label')} data-shown={shown} ref={ref}>
      {lesson && shown !== 'terminal' && <Chart lesson={lesson} />}
      {shown !== 'chart' && <TalkTerminal id={terminal} width={size.width} takesFocus={acts.wantsTerminal} onError={acts.fail} />}
    </section>
  )
}
