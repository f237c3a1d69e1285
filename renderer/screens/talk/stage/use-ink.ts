// The ink of all slides, as the host tells it; one's own line shows at once.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Stroke } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import { applyInk, type Lines, linesOn, type Sheet } from './ink.ts'

export interface InkView {
  lines: Lines
  draw(piece: Stroke & { from: number }): void
  erase(strokes: string[]): void
  /** Takes the newest line off a sheet. */
  undo(sheet: Sheet): void
  wipe(slide: string): void
}

export const useInk = (fail: (fault: unknown) => void): InkView => {
  const api = useApi()
  const [lines, setLines] = useState<Lines>(new Map())
  const latest = useRef(lines)
  latest.current = lines
  useEffect(() => api.talk.ink({}, event => setLines(known => applyInk(known, event)), { onError: fail }), [api, fail])

  const draw = useCallback(
    ({ from, ...stroke }: Stroke & { from: number }) => {
      setLines(known => applyInk(known, { type: 'changes', gone: [], strokes: [{ ...stroke, from }] }))
      api.talk.draw(stroke).catch(fail)
    },
    [api, fail],
  )
  const erase = useCallback(
    (strokes: string[]) => {
      setLines(known => applyInk(known, { type: 'changes', gone: strokes, strokes: [] }))
      api.talk.erase({ strokes }).catch(fail)
    },
    [api, fail],
  )
  const undo = useCallback(
    (sheet: Sheet) => {
      const newest = linesOn(latest.current, sheet).at(-1)
      if (newest) erase([newest.id])
    },
    [erase],
  )
  const wipe = useCallback((slide: string) => void api.talk.wipe({ slide }).catch(fail), [api, fail])
  return useMemo(() => ({ lines, draw, erase, undo, wipe }), [lines, draw, erase, undo, wipe])
}
