// Slides as Markdown files -> a deck to show, what is wrong with them, what a slide does with the cluster, the ink on it, and how long it took.

export { checkSlides, missingSlides, type Problem } from './check.ts'
export { parseDeck, parseSlide, type SlideFile } from './deck.ts'
export { doingOf, nextAction } from './doing.ts'
export { createInk, type Ink } from './ink.ts'
export { beginRehearsal, endRehearsal, followRehearsal } from './rehearsal.ts'
export { type KnownLesson, withCommand } from './rules.ts'
