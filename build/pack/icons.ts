// The application's icons, drawn from the mark in renderer/app/mark.svg: its strokes in white on a tile of its own colour.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

export const sizes = [16, 24, 32, 48, 64, 128, 256, 512] as const

interface Point {
  x: number
  y: number
}
type Segment = readonly [Point, Point]

/** The straight strokes of a path of M, L, H and Z, in both cases. @throws Error for any other letter: nothing is drawn wrong in silence */
export const strokesOf = (path: string): Segment[] => {
  const words = path.match(/[a-z]|-?(?:\d+\.?\d*|\.\d+)/gi) ?? []
  const segments: Segment[] = []
  let at: Point = { x: 0, y: 0 }
  let start = at
  let letter = ''
  const number = () => Number(words.shift())
  const isNumber = () => words.length > 0 && !/[a-z]/i.test(words[0] ?? '')
  while (words.length > 0) {
    if (!isNumber()) letter = words.shift() ?? ''
    const base = letter === letter.toLowerCase() ? at : { x: 0, y: 0 }
    const to = (point: Point) => {
      segments.push([at, point])
      at = point
    }
    switch (letter.toLowerCase()) {
      case 'm':
        at = { x: base.x + number(), y: base.y + number() }
        start = at
        letter = letter === 'm' ? 'l' : 'L'
        break
      case 'l':
        to({ x: base.x + number(), y: base.y + number() })
        break
      case 'h':
        to({ x: base.x + number(), y: at.y })
        break
      case 'z':
        to(start)
        break
      default:
        throw new Error(`the mark's path has a letter that is not drawn here: ${letter}`)
    }
  }
  return segments
}

/** From a point to a stroke's middle line: with round caps and joins that is all there is to a stroke. */
const distance = ({ x, y }: Point, [a, b]: Segment): number => {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length))
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy)
}

/** Of a square with round corners around the middle of a 1 by 1 square; negative inside. */
const outsideTile = (x: number, y: number, radius: number): number => {
  const [dx, dy] = [Math.abs(x - 0.5) - 0.5 + radius, Math.abs(y - 0.5) - 0.5 + radius]
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius
}

const attribute = (text: string, name: string): string => {
  const found = new RegExp(`\\b${name}="([^"]+)"`).exec(text)?.[1]
  if (found === undefined) throw new Error(`the mark has no ${name}`)
  return found
}

/** A size's pixels, four bytes each. */
export const draw = (mark: string, size: number): Uint8Array => {
  const strokes = [...mark.matchAll(/<path d="([^"]+)"/g)].flatMap(([, path]) => strokesOf(path ?? ''))
  const half = Number(attribute(mark, 'stroke-width')) / 2
  const side = Number(attribute(mark, 'viewBox').split(' ')[2])
  const colour =
    attribute(mark, 'stroke')
      .slice(1)
      .match(/../g)
      ?.map(hex => Number.parseInt(hex, 16)) ?? []
  const pixels = new Uint8Array(size * size * 4)
  // The mark fills three quarters of the tile; where there are few pixels, more, and with a stroke that is still seen.
  const scale = size < 32 ? 0.86 : 0.76
  const width = size < 32 ? half * 1.25 : half
  const cover = (outside: number) => Math.min(1, Math.max(0, 0.5 - outside * size))
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column + 0.5) / size, (row + 0.5) / size]
      const inMark = { x: ((x - 0.5) / scale + 0.5) * side, y: ((y - 0.5) / scale + 0.5) * side }
      const nearest = Math.min(...strokes.map(stroke => distance(inMark, stroke)))
      const white = cover(((nearest - width) / side) * scale)
      const at = (row * size + column) * 4
      for (const channel of [0, 1, 2]) pixels[at + channel] = Math.round(255 * white + (colour[channel] ?? 0) * (1 - white))
      pixels[at + 3] = Math.round(255 * cover(outsideTile(x, y, 0.22)))
    }
  return pixels
}

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/** A square picture with transparency as PNG. */
export const png = (pixels: Uint8Array, size: number): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6], 8)
  const rows = Buffer.concat(
    Array.from({ length: size }, (_, row) =>
      Buffer.concat([Buffer.of(0), pixels.subarray(row * size * 4, (row + 1) * size * 4)]),
    ),
  )
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

/** Fills a folder with `16x16.png` and so on. */
export const writeIcons = (markFile: string, folder: string): void => {
  const mark = readFileSync(markFile, 'utf8')
  mkdirSync(folder, { recursive: true })
  for (const size of sizes) writeFileSync(join(folder, `${size}x${size}.png`), png(draw(mark, size), size))
}
