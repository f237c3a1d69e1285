// Manifests to Lesson, and evaluate(check, snapshot): what a learner has reached and what would help. No I/O.

export { type Attempt, createAttempt } from './attempt.ts'
export { evaluate } from './evaluate.ts'
export { checksOf, type Lesson, type Task } from './lesson.ts'
export { foreignObjects, ownObjects, under } from './ownership.ts'
export { parseLesson } from './parse.ts'
export { isReady } from './pods.ts'
export { type CheckView, emptyRecord, type LessonRecord, type TaskView, uidsIn } from './progress.ts'
export { find, refText, selectorText } from './refs.ts'
export { type Kept, wayBack } from './restore.ts'
export { hintText, type Sentences, whyText } from './words.ts'
