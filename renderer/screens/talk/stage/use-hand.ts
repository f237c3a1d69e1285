// What the hand holds in this window, and what a movement with it does: point, draw, rub out, choose a part of the slide.

import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { Region, Spot, Stroke } from '../../../../electron/contract/talk.ts'
import { slideUnits } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import type { Talk } from '../use-talk.ts'
import { linesAt } from './ink.ts'
import { regionOfDrag } from './lens.ts'
import type { InkView } from './use-ink.ts'

export type Tool = 'laser' | 'pen' | 'marker' | 'eraser' | 'zoom'

export interface Hand {
  tool: Tool | undefined
  /** Takes a tool, or lays it down where it is held already. */
  take(tool: Tool): void
  layDown(): void
  /** Where this window's own laser points. */
  spot: Spot
  /** What is being dragged over. */
  drag: Region | undefined
  /** For the surface over the slide. */
  onPointerDown(event: PointerEvent<SVGSVGElement>): void
  onPointerMove(event: PointerEvent<SVGSVGElement>): void
  onPointerUp(): void
  onPointerLeave(): void
}

/** The reach of the rubber, in slide units: a fingertip on a tablet. */
const reach = 24
/** The host forgets where a laser points that says no more. */
const repeatMs = 1000

type Point = readonly [number, number]

const tenth = (value: number): number => Math.round(value * 10) / 10

/** A place on the screen in slide units. */
const pointOf = (surface: Element, { clientX, clientY }: { clientX: number; clientY: number }): Point => {
  const { left, top, width } = surface.getBoundingClientRect()
  const unit = width / slideUnits.width
  const within = (value: number, most: number) => tenth(Math.min(Math.max(value / unit, 0), most))
  return [within(clientX - left, slideUnits.width), within(clientY - top, slideUnits.height)]
}

export const useHand = (talk: Talk, ink: InkView): Hand => {
  const api = useApi()
  const { sheet, position, go, fail } = talk
  const [tool, setTool] = useState<Tool>()
  const [spot, setSpot] = useState<Spot>(null)
  const [drag, setDrag] = useState<Region>()
  /** Where a drag began, and where it is. */
  const dragged = useRef<{ from: Point; to: Point }>(undefined)
  const line = useRef<{ stroke: Stroke; told: number; frame: number }>(undefined)
  const pointing = useRef({ spot: null as Spot, frame: 0 })

  const point = useCallback(
    (next: Spot) => {
      setSpot(next)
      const now = pointing.current
      now.spot = next
      // One message a picture is all that anybody sees.
      if (now.frame === 0)
        now.frame = requestAnimationFrame(() => {
          now.frame = 0
          api.talk.point({ spot: now.spot }).catch(fail)
        })
    },
    [api, fail],
  )
  const isPointing = spot !== null
  useEffect(() => {
    if (!isPointing) return
    const timer = setInterval(() => void api.talk.point({ spot: pointing.current.spot }).catch(fail), repeatMs)
    return () => clearInterval(timer)
  }, [api, isPointing, fail])

  const flush = () => {
    const drawn = line.current
    if (!drawn) return
    drawn.frame = 0
    const { stroke, told } = drawn
    const points = stroke.points.slice(told)
    drawn.told = stroke.points.length
    // Its beginning may have been taken away by the host's bound; the rest goes on as it is.
    for (let at = 0; at < points.length; at += 1000) ink.draw({ ...stroke, points: points.slice(at, at + 1000), from: told + at })
  }
  const extend = (points: Point[]) => {
    const drawn = line.current
    if (!drawn) return
    drawn.stroke.points.push(...points.flat())
    if (drawn.frame === 0) drawn.frame = requestAnimationFrame(flush)
  }
  const rub = ([x, y]: Point) => {
    const touched = sheet ? linesAt(ink.lines, sheet, x, y, reach) : []
    if (touched.length > 0) ink.erase(touched)
  }
  const endDrag = () => {
    dragged.current = undefined
    setDrag(undefined)
    if (line.current) {
      cancelAnimationFrame(line.current.frame)
      flush()
      line.current = undefined
    }
  }
  const change = (next: Tool | undefined) => {
    endDrag()
    if (tool === 'laser') point(null)
    setTool(next)
  }

  return {
    tool,
    take: next => change(next === tool ? undefined : next),
    layDown: () => change(undefined),
    spot,
    drag,
    onPointerDown: event => {
      if (!tool || !sheet || event.button !== 0) return
      event.preventDefault()
      event.currentTarget.setPointerCapture(event.pointerId)
      const here = pointOf(event.currentTarget, event)
      if (tool === 'pen' || tool === 'marker') {
        line.current = { stroke: { id: crypto.randomUUID(), ...sheet, pen: tool, points: [] }, told: 0, frame: 0 }
        extend([here])
      } else if (tool === 'zoom' || tool === 'eraser') dragged.current = { from: here, to: here }
      if (tool === 'eraser') rub(here)
    },
    onPointerMove: event => {
      const surface = event.currentTarget
      const here = pointOf(surface, event)
      if (tool === 'laser') point({ x: here[0], y: here[1] })
      // What the mouse did between two pictures belongs to the line.
      else if (line.current) extend(event.nativeEvent.getCoalescedEvents().map(each => pointOf(surface, each)))
      else if (!dragged.current) return
      else if (tool === 'eraser') rub(here)
      else if (tool === 'zoom' && position) {
        dragged.current.to = here
        setDrag(regionOfDrag(dragged.current.from, here, position.shape) ?? undefined)
      }
    },
    onPointerUp: () => {
      if (tool === 'zoom' && dragged.current && position) {
        const { from, to } = dragged.current
        go({ zoom: regionOfDrag(from, to, position.shape) })
        setTool(undefined)
      }
      endDrag()
    },
    onPointerLeave: () => {
      if (tool === 'laser') point(null)
    },
  }
}
