// What a diagram shows at this moment, and why: the cluster as it is, a Pod's recorded life again, or the diagram's story.

import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Load } from '../../../../electron/contract/cluster.ts'
import type { Journey } from '../../../../electron/contract/trace.ts'
import { useApi } from '../../../api/use-api.ts'
import { useObjects, useTimeline, useTrace } from '../../../state/use-state.ts'
import type { Diagram } from './diagram.ts'
import { isShown } from './drawing.ts'
import { type ClusterFacts, clusterFacts, type PodDot, storyFacts } from './facts.ts'
import { lifeOf, newestPod, replayOf } from './life.ts'
import { routeOf } from './route.ts'
import { type Step, toldBy } from './story.ts'
import { frozen } from './traffic.ts'
import { useAutoplay, usePlay } from './use-play.ts'
import { useTraffic } from './use-traffic.ts'

const nothing: readonly Journey[] = []
const noSteps: readonly Step[] = []

/** The cluster's facts for the diagrams, drawn again only when its objects change. */
const useClusterFacts = ({ isIn }: Diagram): ClusterFacts | undefined => {
  const { value } = useObjects()
  return useMemo(() => {
    const facts = value && clusterFacts([...value.byKind.values()].flatMap(kind => [...kind.values()]))
    // A cluster that has nothing of what the picture is of tells less than the story.
    return facts && isIn?.(facts) !== false ? facts : undefined
  }, [value, isIn])
}

/** How busy the API server is, asked for while the slide is on the stage. */
const useLoad = (): Load | undefined => {
  const api = useApi()
  const [load, setLoad] = useState<Load>()
  useEffect(() => api.cluster.load({}, now => setLoad(now ?? undefined)), [api])
  return load
}

/** The node to show: the one that was turned to, else the followed Pod's; while that has none, the one before. */
const useNode = (turnedTo: string | null, followed: string | undefined, told: readonly Journey[], { nodes }: ClusterFacts) => {
  const before = useRef<string>(undefined)
  const at =
    turnedTo ??
    // a write that places the Pod turns the picture before its pill flies
    told.findLast(({ uid, node }) => uid === followed && node !== undefined)?.node ??
    nodes.find(({ pods }) => pods.some(({ uid }) => uid === followed))?.name ??
    before.current
  before.current = at
  return at
}

const podsOf = ({ nodes, waiting }: ClusterFacts): PodDot[] => [...nodes.flatMap(({ pods }) => pods), ...waiting]

export const useStage = (diagram: Diagram, root: RefObject<Element | null>) => {
  const { t } = useTranslation('talk')
  const cluster = useClusterFacts(diagram)
  const trace = useTrace().value?.journeys ?? nothing
  const known = useTimeline().value?.pods
  const load = useLoad()
  const control = usePlay()
  const { play, change } = control
  const { story, route = routeOf } = diagram

  const uid = play.follow ?? (cluster && (newestPod(trace) ?? podsOf(cluster).at(-1)?.uid))
  const isLive = cluster !== undefined && !play.isReplay
  // What is replayed stands still meanwhile: the trace goes on.
  const recorded = useRef(trace)
  recorded.current = trace
  const life = useMemo(() => (isLive ? noSteps : replayOf(recorded.current, uid ?? '')), [isLive, uid])
  const mode = isLive ? 'live' : cluster && life.length > 0 ? 'replay' : 'story'
  const steps = mode === 'live' ? noSteps : mode === 'replay' ? life : story.steps
  const player = useAutoplay(steps, control)

  const isStill = mode === 'story' && play.step === 0
  /** Steps whose pills have reached the API server: what they wrote is there. */
  const [sent, setSent] = useState(0)
  const last = isStill ? story.still.step : Math.min(sent, play.step) - 1
  const played = useMemo(
    () => (mode === 'live' ? trace : mode === 'replay' ? life.slice(0, last + 1).flat() : toldBy(story, last)),
    [mode, trace, life, story, last],
  )
  const facts = useMemo(
    () => (mode !== 'story' && cluster ? { ...cluster, load } : storyFacts(played)),
    [mode, cluster, load, played],
  )
  const storyPods = mode === 'story' ? steps.flat().filter(({ kind }) => kind === 'Pod') : nothing
  const followed = mode === 'story' ? (storyPods.find(pod => pod.uid === play.follow) ?? storyPods[0])?.uid : uid
  const at = useNode(play.node, followed, mode === 'live' ? trace : steps.flat(), facts)
  const drawing = useMemo(() => diagram.draw(facts, t, at), [diagram, facts, t, at])
  const { flights, add, clear } = useTraffic(drawing, root, isLive ? 1 : play.speed, route)

  const shown = useRef(drawing)
  shown.current = drawing
  // Live: what the cluster wrote since the last look, also what a slow watch told late.
  const heard = useRef<ReadonlySet<string>>(null)
  useEffect(() => {
    const before = heard.current
    heard.current = new Set(trace.map(({ id }) => id))
    if (isLive && before) add(trace.filter(journey => !before.has(journey.id) && isShown(shown.current, journey)))
  }, [trace, isLive, add])
  // Played: the moment that was just reached; any other jump is shown without pills.
  const reached = useRef(play.step)
  useEffect(() => {
    if (isLive) return
    const isNext = play.step === reached.current + 1
    reached.current = play.step
    if (!isNext) clear()
    const flies = isNext && add(steps[play.step - 1] ?? nothing)
    setSent(flies ? play.step - 1 : play.step)
  }, [isLive, play.step, steps, add, clear])
  useEffect(() => {
    if (flights.some(({ hop }) => hop > 0)) setSent(reached.current)
  }, [flights])

  return {
    mode,
    drawing,
    flights: isStill ? frozen(story.steps[story.still.step] ?? nothing, story.still.hop, route, drawing) : flights,
    /** All that was written by now, and what there is after it. */
    played,
    objects: facts.objects,
    route,
    play,
    player,
    count: steps.length,
    pods: podsOf(facts),
    followed,
    life: followed === undefined ? undefined : lifeOf(played, followed, mode === 'live' ? known?.get(followed) : undefined),
    isRecorded: followed !== undefined && trace.some(journey => journey.uid === followed && journey.deed === 'created'),
    follow: (pod: string) => change({ follow: pod, node: null, ...(mode === 'replay' && { isReplay: false, step: 0 }) }),
    /** Shows another node, until another Pod is followed. */
    turnTo: (node: string) => change({ node }),
    setSpeed: (speed: number) => change({ speed }),
    /** The followed Pod's life again; the story, where that was not recorded. */
    replay: () => change({ follow: uid ?? null, node: null, isReplay: true, step: 0 }),
    /** Undefined where there is no cluster to go back to. */
    goLive: cluster && !isLive ? () => change({ follow: null, node: null, isReplay: false, step: 0 }) : undefined,
  }
}
