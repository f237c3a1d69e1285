// A diagram on the stage: the cluster's own writes as they come, a Pod's recorded life again, or the diagram's story.

import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Journey } from '../../../../electron/contract/trace.ts'
import { useObjects, useTimeline, useTrace } from '../../../state/use-state.ts'
import { ClockButtons, PlayButtons } from './controls.tsx'
import type { Diagram } from './diagram.ts'
import { DiagramView } from './diagram-view.tsx'
import { isShown } from './drawing.ts'
import { Explanation } from './explanation.tsx'
import { type ClusterFacts, clusterFacts, type PodDot, storyFacts } from './facts.ts'
import { lifeOf, newestPod, replayOf } from './life.ts'
import { LifeLine } from './life-line.tsx'
import type { Focus } from './parts.tsx'
import { routeOf } from './route.ts'
import { StageButton } from './stage-button.tsx'
import { toldBy } from './story.ts'
import { TraceRecord } from './trace-record.tsx'
import { busyIn, frozen } from './traffic.ts'
import { Travels } from './travels.tsx'
import { useAutoplay, usePlay } from './use-play.ts'
import { stillProgress, useTraffic } from './use-traffic.ts'

/** The cluster's facts for the diagrams, drawn again only when its objects change. */
const useClusterFacts = (): ClusterFacts | undefined => {
  const { value } = useObjects()
  return useMemo(() => value && clusterFacts([...value.byKind.values()].flatMap(kind => [...kind.values()])), [value])
}

const none: readonly Journey[] = []

const podsOf = ({ nodes, waiting }: ClusterFacts): PodDot[] => [...nodes.flatMap(({ pods }) => pods), ...waiting]

export const LivingDiagram = ({ diagram, focus }: { diagram: Diagram; focus: Focus }) => {
  const { t } = useTranslation('talk')
  const attached = useClusterFacts()
  // A cluster that has nothing of what the picture is of tells less than the story.
  const cluster = attached && diagram.isIn?.(attached) !== false ? attached : undefined
  const trace = useTrace().value?.journeys ?? none
  const known = useTimeline().value?.pods
  const control = usePlay()
  const { play, change } = control
  const [isRecordSeen, setRecordSeen] = useState(false)
  const route = diagram.route ?? routeOf

  const hasCluster = cluster !== undefined
  const isLive = hasCluster && !play.isReplay
  const newest = cluster && (newestPod(trace) ?? podsOf(cluster).at(-1)?.uid)
  const uid = play.follow ?? newest
  // What is replayed stands still while it is: the trace goes on meanwhile.
  const recorded = useRef(trace)
  recorded.current = trace
  const steps = useMemo(
    () => (isLive ? [] : hasCluster ? replayOf(recorded.current, uid ?? '') : diagram.story.steps),
    [isLive, hasCluster, uid, diagram],
  )
  const player = useAutoplay(steps, control)

  const root = useRef<HTMLDivElement>(null)
  const { still } = diagram.story
  const isStill = !cluster && play.step === 0
  const [sent, setSent] = useState(0)
  const played = useMemo(() => {
    if (isLive) return trace
    const last = isStill ? still.step : Math.min(sent, play.step) - 1
    return hasCluster ? steps.slice(0, last + 1).flat() : toldBy(diagram.story, last)
  }, [isLive, trace, steps, isStill, still, sent, play.step, hasCluster, diagram])
  const facts = useMemo(() => cluster ?? storyFacts(played), [cluster, played])
  const drawing = useMemo(() => diagram.draw(facts, t), [diagram, facts, t])
  const { flights, add, clear } = useTraffic(drawing, root, isLive ? 1 : play.speed, route)

  const shown = useRef(drawing)
  shown.current = drawing
  // The cluster: what it wrote since the last look.
  const heard = useRef(trace.at(-1)?.id)
  useEffect(() => {
    const from = trace.findLastIndex(({ id }) => id === heard.current)
    heard.current = trace.at(-1)?.id
    if (isLive) add(trace.slice(from + 1).filter(journey => isShown(shown.current, journey)))
  }, [trace, isLive, add])
  // A story or a life: the moment that was just reached. What was written is there once its pill is at the API server.
  const shownStep = useRef(play.step)
  useEffect(() => {
    if (isLive) return
    const isNext = play.step === shownStep.current + 1
    shownStep.current = play.step
    if (!isNext) clear()
    const flies = play.step > 0 && add(steps[play.step - 1] ?? none)
    setSent(flies ? play.step - 1 : play.step)
  }, [isLive, play.step, steps, add, clear])
  useEffect(() => {
    if (flights.some(({ hop }) => hop > 0)) setSent(shownStep.current)
  }, [flights])

  const frozenFlights = isStill ? frozen(steps[still.step] ?? [], still.hop, route, drawing) : flights
  const storyPod = isLive || cluster ? undefined : steps.flat().find(({ kind }) => kind === 'Pod')?.uid
  const followed = uid ?? storyPod
  const pods = podsOf(facts)
  const life = followed === undefined ? undefined : lifeOf(played, followed, isLive ? known?.get(followed) : undefined)
  const follow = (pod: string) => change({ follow: pod, isReplay: false, step: 0 })
  const canReplay = isLive && followed !== undefined && replayOf(trace, followed).length > 0

  return (
    <div className="slide-diagram" ref={root}>
      <DiagramView
        drawing={drawing}
        label={diagram.label(t)}
        following={{ uid: followed, onFollow: follow }}
        busy={busyIn(frozenFlights)}
        {...focus}
      >
        <Travels drawing={drawing} flights={frozenFlights} progress={stillProgress} />
      </DiagramView>
      <div className="slide-aside">
        {!isRecordSeen && <Explanation part={focus.lit} journeys={played} />}
        <TraceRecord journeys={played} isSeen={isRecordSeen} route={route} />
      </div>
      <footer className="slide-foot">
        <LifeLine life={life} dot={pods.find(pod => pod.uid === followed)} pods={pods} onFollow={follow} />
        <span className="gap" />
        {isLive ? (
          <ClockButtons />
        ) : (
          <PlayButtons
            isPlaying={player.isPlaying}
            speed={play.speed}
            step={play.step}
            count={steps.length}
            onToggle={player.toggle}
            onStep={player.stepOn}
            onSpeed={speed => change({ speed })}
          />
        )}
        {canReplay && (
          <StageButton
            label={t('play.replay')}
            icon="rewind"
            onPress={() => change({ follow: followed ?? null, isReplay: true, step: 0 })}
          />
        )}
        {cluster && play.isReplay && (
          <StageButton label={t('play.live')} icon="cluster" onPress={() => change({ isReplay: false, step: 0 })} />
        )}
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
