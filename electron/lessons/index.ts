// Manifests to Lesson, and evaluate(check, snapshot): what a learner has reached and what would help. No I/O.

export { type Attempt, createAttempt } from './attempt.ts'
export { evaluate } from './evaluate.ts'
export { checksOf, type Lesson, type Task } from './lesson.ts'
export { type Command, commandsOf, keyOf, obstaclesOf, portsIn, textsOf } from './obstacles.ts'
export { foreignObjects, ownObjects, resume, uidsIn, under } from './ownership.ts'
export { parseLesson } from './parse.ts'
export { isReady } from './pods.ts'
export type { CheckView, TaskView } from './progress.ts'
export { emptyRecord, type Kept, type LessonRecord } from './record.ts'
export { find, refText, selectorText } from './refs.ts'
export { wayBack } from './restore.ts'
export { hintText, type Sentences, whyText } from './words.ts'
