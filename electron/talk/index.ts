// Slides as Markdown files -> a deck to show, and what is wrong with them.

export { checkSlides, type Problem } from './check.ts'
export { parseDeck, parseSlide, type SlideFile } from './deck.ts'
