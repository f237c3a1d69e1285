// What is happening: the live drawing of the lesson's objects, sized to its pane, moving while something moves.

import { memo, type RefObject, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Kind, KubeObject } from '../../../electron/contract/cluster.ts'
import type { LessonProgress, LessonText } from '../../../electron/contract/lessons.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { useSize } from '../../parts/use-size.ts'
import { kinds } from '../../state/objects.ts'
import { emptyTimeline, type PodLife, type Timeline } from '../../state/timeline.ts'
import { useAppState, useAttempt, useCurrentTarget, useKind, useKinds, useTimeline } from '../../state/use-state.ts'
import { HappeningList } from '../cluster/happening-list.tsx'
import { happenings } from '../cluster/happenings.ts'
import { csvOf } from './drawing/csv.ts'
import { LiveDrawing } from './drawing/drawing.tsx'
import { isMoving, latestEpisode } from './drawing/episode.ts'
import { keep } from './drawing/keep.ts'
import { layout } from './drawing/layout.ts'
import { belongsTo, type IsOurs } from './drawing/mine.ts'
import { pngOf } from './drawing/png.ts'
import './live-pane.css'

/** Above this many Pods the axis grows a second at a time instead of with every frame: between two seconds, only what happened is drawn. */
const manyPods = 40
const stepMs = 1000

/** The time now, ticking only while `runs`. Milliseconds since the epoch. */
const useNow = (runs: boolean, slow: boolean): number => {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    if (!runs) return
    let frame = 0
    let last = 0
    const tick = (time: number) => {
      if (!slow || time - last >= stepMs / 4) {
        last = time
        setNow(Date.now())
      }
      frame = requestAnimationFrame(tick)
    }
    frame = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(frame)
  }, [runs, slow])
  const at = runs ? now : Date.now()
  return slow ? Math.ceil(at / stepMs) * stepMs : at
}

const useWords = (pods: readonly PodLife[]): string => {
  const { t } = useTranslation('labs')
  const there = pods.filter(pod => pod.gone === undefined || (pod.end && pod.leaving === undefined))
  const stuck = there.find(pod => pod.waiting)
  if (stuck) return t('live.say.stuck', { pod: stuck.name, reason: stuck.waiting })
  const stateOf = ({ end, leaving, isReady }: PodLife) =>
    end ?? (leaving === undefined ? (isReady ? 'ready' : 'starting') : 'leaving')
  const parts = (['ready', 'starting', 'leaving', 'succeeded', 'failed'] as const).flatMap(state => {
    const count = there.filter(pod => stateOf(pod) === state).length
    return count > 0 ? [{ state, count }] : []
  })
  const [only] = parts
  if (!only) return t('live.say.none')
  if (parts.length === 1 && only.state === 'ready') return t('live.say.allReady', { count: only.count })
  return parts.map(({ state, count }) => t(`live.say.${state}`, { count })).join(t('live.say.and'))
}

/** Requests that each Pod has answered, by uid; asked for only where the lesson makes a Service. */
const useRequests = (text: LessonText): ReadonlyMap<string, number> => {
  const api = useApi()
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map())
  const hasService = text.creates.some(name => name.startsWith('service/'))
  useEffect(() => {
    if (!hasService) return
    return api.lessons.requests({ lesson: text.id }, ({ pods }) => setCounts(new Map(pods.map(({ uid, count }) => [uid, count]))))
  }, [api, text.id, hasService])
  return counts
}

/** What the drawing shows as it is now, beside the past that the timeline holds. */
const drawnKinds: readonly Kind[] = kinds.filter(kind => kind !== 'Event' && kind !== 'Node' && kind !== 'Namespace')

const Export = ({ name, csv, stage }: { name: string; csv(): string; stage: RefObject<HTMLDivElement | null> }) => {
  const { t } = useTranslation('labs')
  const attempt = useAttempt()
  const picture = async () => {
    const svg = stage.current?.querySelector('svg')
    if (svg) keep(`${name}.png`, await pngOf(svg))
  }
  return (
    <span className="live-export">
      <Button look="ghost" aria-label={t('live.exportPng')} onPress={() => void attempt(picture)}>
        PNG
      </Button>
      <Button
        look="ghost"
        aria-label={t('live.exportCsv')}
        onPress={() => keep(`${name}.csv`, new Blob([csv()], { type: 'text/csv;charset=utf-8' }))}
      >
        CSV
      </Button>
    </span>
  )
}

/** What happened to the lesson's objects, newest first, in plain words. */
const Happenings = ({ isOurs }: { isOurs: IsOurs }) => {
  const { t } = useTranslation('labs')
  const { objects } = useAppState()
  // words may come a moment after the picture
  const events = useDeferredValue(useKind('Event'))
  const list = useMemo(() => {
    const { value } = objects.store.getState()
    if (!value || !events) return []
    const about = (event: KubeObject) => (event.involvedObject ?? {}) as { name?: string; namespace?: string }
    const ours = [...events].filter(([, event]) => isOurs(about(event).name ?? '', about(event).namespace ?? ''))
    return happenings({ ...value, byKind: new Map(value.byKind).set('Event', new Map(ours)) })
  }, [objects, events, isOurs])
  return (
    <div className="live-events" role="log" aria-label={t('live.events')}>
      <HappeningList list={list.slice(0, 30)} empty={t('live.noEvents')} />
    </div>
  )
}

const Told = memo(Happenings)

interface LivePaneProps {
  text: LessonText
  progress: LessonProgress
  /** Draws everything so many times as large, for an audience, and leaves out what only a learner needs. */
  zoom?: number
}

export const LivePane = ({ text, progress, zoom }: LivePaneProps) => {
  const { t } = useTranslation('labs')
  const followed = useTimeline()
  const target = useCurrentTarget()
  const timeline = followed.value ?? emptyTimeline
  const isFresh = followed.value === undefined || (followed.isFresh && target?.state !== 'failed' && target?.state !== 'stopped')
  const { ref, size: pane } = useSize()
  const size = { width: Math.floor(pane.width / (zoom ?? 1)), height: Math.floor(pane.height / (zoom ?? 1)) }
  const isOurs = useMemo(() => belongsTo(text), [text])
  const ours = useMemo<Timeline>(
    () => ({
      ...timeline,
      pods: new Map([...timeline.pods].filter(([, pod]) => isOurs(pod.name, pod.namespace))),
      workloads: new Map([...timeline.workloads].filter(([, workload]) => isOurs(workload.name, workload.namespace))),
    }),
    [timeline, isOurs],
  )
  const pods = [...ours.pods.values()]
  const now = useNow(pods.some(isMoving), pods.length > manyPods)
  const episode = latestEpisode(ours, pods.length > 0 || ours.workloads.size > 0 ? progress.marks : [], now)
  const says = useWords(pods)
  // who belongs to whom may come a moment after a Pod's own row
  const objects = useDeferredValue(useKinds(drawnKinds))
  const requests = useRequests(text)
  const drawing =
    episode && size.width > 200 && (pods.length > 0 || ours.workloads.size > 0)
      ? layout({ timeline: ours, objects, episode, marks: progress.marks, isOurs, ...size, now, requests })
      : undefined
  return (
    <section className="live" aria-label={t('live.title')}>
      <header className="pane-head">
        <h2>{t('live.title')}</h2>
        <span className="small muted">{drawing ? says : ''}</span>
        {drawing && !zoom && <Export name={text.id} csv={() => csvOf(ours, requests, Date.now())} stage={ref} />}
      </header>
      {!isFresh && <p className="small muted">{t('live.lost')}</p>}
      <div className={zoom ? 'live-stage is-zoomed' : 'live-stage'} ref={ref}>
        {drawing ? <LiveDrawing drawing={drawing} says={says} /> : <p className="small muted live-empty">{t('live.empty')}</p>}
      </div>
      {drawing && !zoom && <Told isOurs={isOurs} />}
    </section>
  )
}
