// The lens for the back row: regions of a slide, in slide units. Pure.

import { narrowest, type Region, slideUnits } from '../../../../electron/contract/talk.ts'

const whole = slideUnits.width

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

/** How high a slide of this shape (width to height) is. */
const heightOf = (shape: number): number => whole / shape

/** A region of this width around a point, moved so that it lies on the slide; null where it is the whole slide. */
export const regionAround = (x: number, y: number, width: number, shape: number): Region | null => {
  if (width >= whole) return null
  const wide = Math.max(width, narrowest)
  const high = wide / shape
  return {
    x: clamp(x - wide / 2, 0, whole - wide),
    y: clamp(y - high / 2, 0, heightOf(shape) - high),
    width: wide,
  }
}

/** A click is no drag: then half of the slide around it. */
const leastDrag = 40

/** What was dragged over, widened to the slide's shape. */
export const regionOfDrag = (from: readonly [number, number], to: readonly [number, number], shape: number): Region | null => {
  const width = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]) * shape)
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
  return regionAround(x, y, width < leastDrag ? whole / 2 : width, shape)
}

const centre = (region: Region | null, shape: number): [number, number] =>
  region ? [region.x + region.width / 2, region.y + region.width / shape / 2] : [whole / 2, heightOf(shape) / 2]

/** Nearer by a factor above 1, farther by one below. */
export const scaled = (region: Region | null, factor: number, shape: number): Region | null =>
  regionAround(...centre(region, shape), (region?.width ?? whole) / factor, shape)

/** Moved by quarters of what is seen. */
export const panned = (region: Region | null, right: number, down: number, shape: number): Region | null => {
  if (!region) return null
  const [x, y] = centre(region, shape)
  const step = region.width / 4
  return regionAround(x + right * step, y + down * step, region.width, shape)
}

/** How the lens lies over the slide, for stage.css: how many times, and around which point, in parts of the slide. */
export const lensStyle = (region: Region | null, shape: number): Record<string, number> => {
  const [x, y] = centre(region, shape)
  return { '--times': whole / (region?.width ?? whole), '--x': x / whole, '--y': y / heightOf(shape) }
}
