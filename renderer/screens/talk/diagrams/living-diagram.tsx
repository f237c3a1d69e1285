// A diagram on the stage: the drawing, what travels on it, its explanation or the record, and one Pod's life on the bottom line.

import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ClockButtons, PlayButtons } from './controls.tsx'
import type { Diagram } from './diagram.ts'
import { DiagramView } from './diagram-view.tsx'
import { Explanation } from './explanation.tsx'
import { LifeLine } from './life-line.tsx'
import type { Focus } from './parts.tsx'
import { StageButton } from './stage-button.tsx'
import { TraceRecord } from './trace-record.tsx'
import { actingIn, busyIn } from './traffic.ts'
import { Travels } from './travels.tsx'
import { useStage } from './use-stage.ts'
import { stillProgress } from './use-traffic.ts'

export const LivingDiagram = ({ diagram, focus }: { diagram: Diagram; focus: Focus }) => {
  const { t } = useTranslation('talk')
  const root = useRef<HTMLDivElement>(null)
  const stage = useStage(diagram, root)
  const [isRecordSeen, setRecordSeen] = useState(false)
  const { mode, drawing, flights, played, play, player, pods, followed } = stage
  const { pager } = drawing
  const acting = diagram.isGuided ? actingIn(flights) : undefined
  const { onFocus } = focus
  useEffect(() => {
    if (acting) onFocus(acting)
  }, [acting, onFocus])
  return (
    <div className="slide-diagram" ref={root}>
      <DiagramView
        drawing={drawing}
        label={diagram.label(t)}
        following={{ uid: followed, onFollow: stage.follow }}
        onTurn={stage.turnTo}
        busy={busyIn(flights)}
        {...focus}
      >
        <Travels drawing={drawing} flights={flights} progress={stillProgress} />
      </DiagramView>
      <div className="slide-aside">
        {!isRecordSeen && (
          <Explanation part={focus.lit} journeys={played} objects={stage.objects} node={pager?.names[pager.index]} />
        )}
        <TraceRecord journeys={played} isSeen={isRecordSeen} route={stage.route} />
      </div>
      <footer className="slide-foot">
        <LifeLine life={stage.life} dot={pods.find(({ uid }) => uid === followed)} pods={pods} onFollow={stage.follow} />
        <span className="gap" />
        {mode === 'live' ? (
          <>
            <ClockButtons />
            <StageButton label={t(stage.isRecorded ? 'play.replay' : 'play.story')} icon="rewind" onPress={stage.replay} />
          </>
        ) : (
          <PlayButtons
            isPlaying={player.isPlaying}
            speed={play.speed}
            step={play.step}
            count={stage.count}
            onToggle={player.toggle}
            onStep={player.stepOn}
            onSpeed={stage.setSpeed}
          />
        )}
        {stage.goLive && <StageButton label={t('play.live')} icon="cluster" onPress={stage.goLive} />}
        <StageButton
          label={t('record.title')}
          icon="list"
          isPressed={isRecordSeen}
          onPress={() => setRecordSeen(seen => !seen)}
        />
      </footer>
    </div>
  )
}
