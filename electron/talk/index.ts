// Slides as Markdown files -> a deck to show, what is wrong with them, and what a slide does with the cluster.

export { checkSlides, type Problem } from './check.ts'
export { parseDeck, parseSlide, type SlideFile } from './deck.ts'
export { doingOf, nextAction } from './doing.ts'
export { type KnownLesson, withCommand } from './rules.ts'
