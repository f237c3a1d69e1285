// The lesson, task by task: prose, commands to click, checks that look by themselves.

import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LessonProgress, LessonText, TaskState, TaskText } from '../../../electron/contract/lessons.ts'
import { Button, Key } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { RunLine } from '../../parts/run-line.tsx'
import { type StateName, StateShape } from '../../parts/state-shape.tsx'
import { hrefOf } from '../../state/route.ts'
import { useTargetName } from '../../state/target-name.ts'
import { useCurrentTarget } from '../../state/use-state.ts'
import { nextAction } from './use-lesson.ts'
import './lesson-pane.css'

export interface LessonActs {
  run(task: string, action: string): void
  solve(task: string): void
  skip(task: string): void
  /** Asks first. */
  reset(task: string): void
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

const shapeOf: Record<TaskState['state'], StateName> = { later: 'pending', now: 'progressing', done: 'ready', skipped: 'leaving' }

const Actions = ({
  text,
  state,
  next,
  acts,
}: {
  text: TaskText
  state: TaskState
  next: string | undefined
  acts: LessonActs
}) => {
  const { t } = useTranslation('labs')
  return (
    <ul className="lesson-actions">
      {text.actions.map(action => {
        const run = state.actions.find(candidate => candidate.id === action.id)
        const isNext = action.id === next
        return (
          <li key={action.id}>
            <button
              type="button"
              className={`run is-${run?.state ?? 'waiting'}${isNext ? ' is-next' : ''}`}
              disabled={run?.state === 'running'}
              data-action={action.id}
              onClick={() => acts.run(text.id, action.id)}
            >
              <Icon name={run?.state === 'done' ? 'check' : 'play'} small />
              <RunLine text={action.text} />
              {run?.state === 'running' && <small>{t('running')}</small>}
              {run?.state === 'failed' && <small className="is-failed">{t('exitCode', { code: run.exitCode ?? '?' })}</small>}
              {run?.state === 'done' && run.ms !== undefined && <small className="num">{seconds(run.ms)}</small>}
              {isNext && run?.state !== 'running' && run?.state !== 'failed' && <Key>{t('enter')}</Key>}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

const Checks = ({ text, state }: { text: TaskText; state: TaskState }) => {
  const { t } = useTranslation('labs')
  return (
    <ul className="lesson-checks">
      {text.checks.map(check => {
        const result = state.checks.find(candidate => candidate.id === check.id)
        // What a later task takes away on purpose stays passed; what is lost in the task at hand shows.
        const isPassed = result?.passed || (state.state !== 'now' && result?.everPassed)
        const shape: StateName = isPassed ? 'ready' : result?.everPassed ? 'attention' : result?.hint ? 'progressing' : 'pending'
        return (
          <li key={check.id} data-check={check.id} data-passed={result?.passed ?? false}>
            <StateShape state={shape} />
            <span>{check.text}</span>
            <span className="faint num">{result?.seen}</span>
            {!result?.passed && result?.hint && (
              <div className="lesson-hint">
                <Markdown>{result.hint}</Markdown>
              </div>
            )}
            {!result?.passed && result?.why && (
              <a className="lesson-why" href={hrefOf({ screen: 'cluster', id: result.why.uid })}>
                <code>{result.why.id}</code>
                {result.hint?.startsWith(result.why.title) ? t('evidence') : result.why.title}
              </a>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const Prose = ({ children }: { children: string }) => (
  <div className="lesson-prose">
    <Markdown>{children}</Markdown>
  </div>
)

const ResetTask = ({ task, acts }: { task: string; acts: LessonActs }) => {
  const { t } = useTranslation('labs')
  return (
    <Button look="ghost" onPress={() => acts.reset(task)}>
      <Icon name="undo" small />
      {t('resetTask')}
    </Button>
  )
}

/** What stands in the lesson's way. */
const Foreign = ({ names }: { names: readonly string[] }) => {
  const { t } = useTranslation('labs')
  return (
    <div className="lesson-foreign" role="alert" data-testid="lesson-foreign">
      <p>
        <StateShape state="attention" /> {t('foreign')}
      </p>
      <p>
        {names.map(name => (
          <code key={name}>{name} </code>
        ))}
      </p>
      <p className="small muted">{t('foreignWhy')}</p>
    </div>
  )
}

/** Before anything is done: what it will make, and where. */
const Before = ({ text }: { text: LessonText }) => {
  const { t } = useTranslation('labs')
  const target = useCurrentTarget()
  const nameOf = useTargetName()
  return (
    <div className="lesson-before" data-testid="lesson-before">
      <Prose>{text.intro}</Prose>
      {text.origin && (
        <p className="small lesson-origin">
          <StateShape state="attention" /> {t('origin', { folder: text.origin })}
        </p>
      )}
      <p className="small muted">{t('creates', { cluster: target ? nameOf(target) : '—', namespace: text.namespace })}</p>
      <ul className="lesson-creates">
        {text.creates.map(name => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
      <p className="small faint">{t('onlyOurs')}</p>
      <p className="small faint">{t('cleans')}</p>
    </div>
  )
}

const Task = ({ text, state, next, acts }: { text: TaskText; state: TaskState; next: string | undefined; acts: LessonActs }) => {
  const { t } = useTranslation('labs')
  const passed = state.checks.filter(check => check.passed || (state.state === 'done' && check.everPassed)).length
  const isPassed = passed === state.checks.length
  const hasStarted =
    state.actions.some(action => action.state !== 'waiting') || state.checks.some(check => check.everPassed || check.seen)
  return (
    <li
      className={`lesson-task is-${state.state}`}
      data-task={text.id}
      data-state={state.state}
      aria-current={state.state === 'now' ? 'step' : undefined}
    >
      <span className="lesson-node">
        <StateShape state={shapeOf[state.state]} />
      </span>
      <h2>{text.title}</h2>
      {state.state === 'done' && <p className="small faint">{t('checksPassed', { count: passed })}</p>}
      {state.state === 'skipped' && <p className="small faint">{t('skipped')}</p>}
      {state.state === 'now' && (
        <>
          <Prose>{text.say}</Prose>
          <Actions text={text} state={state} next={next} acts={acts} />
          <Checks text={text} state={state} />
          <div className="lesson-acts">
            {isPassed ? (
              <Button look={next ? 'plain' : 'primary'} onPress={() => acts.skip(text.id)}>
                {t('onward')}
              </Button>
            ) : (
              <>
                <Button look="ghost" onPress={() => acts.solve(text.id)}>
                  {t('solve')}
                </Button>
                <Button look="ghost" onPress={() => acts.skip(text.id)}>
                  {t('skip')}
                </Button>
              </>
            )}
            {state.canReset && hasStarted && <ResetTask task={text.id} acts={acts} />}
          </div>
        </>
      )}
      {state.state !== 'now' && state.state !== 'later' && (
        <details className="lesson-again">
          <summary>{t('lesson')}</summary>
          <Prose>{text.say}</Prose>
          <Actions text={text} state={state} next={undefined} acts={acts} />
          <Checks text={text} state={state} />
          {state.canReset && (
            <div className="lesson-acts">
              <ResetTask task={text.id} acts={acts} />
            </div>
          )}
        </details>
      )}
    </li>
  )
}

const Pane = ({ text, progress, acts }: { text: LessonText; progress: LessonProgress; acts: LessonActs }) => {
  const { t } = useTranslation('labs')
  const next = nextAction(text, progress)
  const place = useRef<HTMLOListElement>(null)
  const nextId = next && `${next.task}/${next.action}`
  const isFresh = progress.tasks.every(task => task.state === 'later' || task.actions.every(action => action.state === 'waiting'))
  useEffect(() => {
    // Who has not begun reads from the top: what the lesson is about, and what it will make.
    if (nextId && !isFresh) place.current?.querySelector('.is-next')?.scrollIntoView({ block: 'nearest' })
  }, [nextId, isFresh])
  const isDone = progress.tasks.every(task => task.state === 'done' || task.state === 'skipped')
  return (
    <>
      <p className="small faint">{t('ofTasks', { number: text.number, count: text.tasks.length })}</p>
      <h1>{text.title}</h1>
      {isFresh && <Before text={text} />}
      {progress.problem && <ErrorPanel error={progress.problem} />}
      {progress.foreign.length > 0 && <Foreign names={progress.foreign} />}
      <ol className="lesson-tasks" ref={place}>
        {text.tasks.map(task => {
          const state = progress.tasks.find(candidate => candidate.id === task.id)
          return (
            state && (
              <Task key={task.id} text={task} state={state} next={next?.task === task.id ? next.action : undefined} acts={acts} />
            )
          )
        })}
      </ol>
      {isDone && (
        <section className="lesson-question" data-testid="lesson-done">
          <h2>
            <StateShape state="ready" /> {t('done')}
          </h2>
          <p className="small faint">{t('question')}</p>
          <Prose>{text.question}</Prose>
        </section>
      )}
    </>
  )
}

/** Drawn again only when the lesson or its progress changes: a cluster tells far more often. */
export const LessonPane = memo(Pane)
