// Words as large as their slide allows: the largest of a few steps at which nothing runs over, so that slides still look alike.

import { type RefObject, useLayoutEffect } from 'react'

/** Times the sizes in slide.css; the last one is small but still read from the back row. */
const steps = [1, 0.9, 0.8, 0.7, 0.6]
const looseStep = 0.7

/** Sets `--fit` on the slide's prose before it is seen, and again when its box or its faces change. Other words are another element: give it a key. */
export const useFit = (prose: RefObject<HTMLElement | null>): void => {
  useLayoutEffect(() => {
    const element = prose.current
    if (!element) return
    const runsOver = () =>
      element.scrollHeight > element.clientHeight + 1 ||
      [...element.querySelectorAll('pre, table')].some(block => block.scrollWidth > element.clientWidth + 1)
    /** Beside a terminal, code that would make all words small gives way: `data-tight`. */
    const choose = () => {
      for (const isTight of [false, true]) {
        element.toggleAttribute('data-tight', isTight)
        for (const step of steps) {
          if (!isTight && step < looseStep) continue
          element.style.setProperty('--fit', String(step))
          if (!runsOver()) return
        }
      }
    }
    choose()
    let isGone = false
    void document.fonts.ready.then(() => isGone || choose())
    const observer = new ResizeObserver(choose)
    if (element.parentElement) observer.observe(element.parentElement)
    return () => {
      isGone = true
      observer.disconnect()
    }
  }, [prose])
}
