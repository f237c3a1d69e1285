// Why it is not ready: the cause in a sentence, how far the Pod came, what to do, and the evidence.

import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { causeIds, type Diagnosis, isLook, isUnfinished, wordsOf } from '../../../electron/contract/diagnosis.ts'
import { useApi } from '../../api/use-api.ts'
import { Key } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { RunLine, useEnter } from '../../parts/run-line.tsx'
import { type StateName, StateShape } from '../../parts/state-shape.tsx'
import { useAttempt, useCurrentTarget, useLearnersTerminal } from '../../state/use-state.ts'
import './why.css'

type Stage = Diagnosis['life'][number]

const shapeOf: Record<Stage['state'], StateName> = { done: 'ready', failed: 'failed', now: 'progressing', later: 'pending' }

/** A Pod's way from wish to work, as a track from top to bottom. */
export const Life = ({ life }: { life: readonly Stage[] }) => {
  const { t } = useTranslation('diagnosis')
  /** `× 3` and `↻ 2` in words. */
  const seenOf = ({ state, seen = '' }: Stage): string => {
    if (state === 'later') return t('later')
    const [, sign, count] = /^([×↻]) (\d+)$/.exec(seen) ?? []
    if (!sign) return seen
    return state === 'done' && sign === '×' ? '' : t(sign === '×' ? 'tried' : 'restarted', { count: Number(count) })
  }
  return (
    <ol className="life">
      {life.map(stage => (
        <li key={stage.stage} className={`is-${stage.state}`}>
          <StateShape state={shapeOf[stage.state]} />
          <span>{t(`life.${stage.stage}`)}</span>
          <span className="life-seen num">{seenOf(stage)}</span>
        </li>
      ))}
    </ol>
  )
}

/** The host's list is the same: what only looks is run; on a cluster that is not practice, what changes is left to Enter. */
const useRun = (trouble: Diagnosis) => {
  const api = useApi()
  const attempt = useAttempt()
  const terminal = useLearnersTerminal()
  const { subject, cause } = trouble
  return (index: number) =>
    void attempt(async () => api.cluster.act({ uid: subject.uid, cause, index, terminal: await terminal() }))
}

const Acts = ({ trouble }: { trouble: Diagnosis }) => {
  const { t } = useTranslation('diagnosis')
  const run = useRun(trouble)
  const isPractice = useCurrentTarget()?.kind === 'practice'
  const hasEnter = isPractice && trouble.next[0] !== undefined && !isUnfinished(trouble.next[0].command)
  useEnter(hasEnter ? () => run(0) : undefined)
  const noteOf = (command: string): string =>
    isUnfinished(command) ? t('typed') : isPractice || isLook(command) ? '' : t('typedReal')
  return (
    <ul className="why-acts">
      {trouble.next.map(({ command, say }, index) => (
        <li key={command}>
          <button type="button" className={index === 0 ? 'run is-next' : 'run'} onClick={() => run(index)}>
            <Icon name="play" small />
            <RunLine text={command} />
            {index === 0 && hasEnter ? <Key>Enter</Key> : <span />}
            <span className="why-say">{[t(`next.${say}`), noteOf(command)].filter(Boolean).join(t('comma'))}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

const Evidence = ({ trouble }: { trouble: Diagnosis }) => {
  const { t, i18n } = useTranslation('diagnosis')
  const clock = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  const fromOf = (from: string): string => {
    const [, reason, by] = /^event (\S+?)(?:, (.+))?$/.exec(from) ?? []
    if (reason) return by ? t('from.eventBy', { reason, by }) : t('from.event', { reason })
    return t('from.other', { from })
  }
  const shown = trouble.evidence.slice(0, 2)
  return (
    <>
      {shown.map(({ text, from, at }, order) => (
        <figure key={`${from} ${text}`} className="why-proof">
          <pre>{text}</pre>
          <figcaption>
            {[fromOf(from), at && clock.format(Date.parse(at))].filter(Boolean).join(t('comma'))}
            {order === shown.length - 1 ? <code>{causeIds[trouble.cause]}</code> : null}
          </figcaption>
        </figure>
      ))}
      {shown.length === 0 ? <p className="why-proof faint">{causeIds[trouble.cause]}</p> : null}
    </>
  )
}

/** A sentence with its code words, such as a tag or an image, set as code. */
const Sentence = ({ text, facts }: { text: string; facts: Diagnosis['facts'] }) => {
  const words = Object.values(facts)
    .map(String)
    .filter(word => /[a-z0-9][./:=_-]?/i.test(word) && word.length > 1 && !/^\d+$/.test(word) && text.includes(word))
    .sort((a, b) => b.length - a.length)
  if (words.length === 0) return text
  const pattern = new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  const found = [...text.matchAll(pattern)]
  return (
    <>
      {found.map((match, order) => {
        const before = found[order - 1]
        const from = before ? before.index + before[0].length : 0
        return (
          <Fragment key={match.index}>
            {text.slice(from, match.index)}
            <code>{match[0]}</code>
          </Fragment>
        )
      })}
      {text.slice((found.at(-1)?.index ?? 0) + (found.at(-1)?.[0].length ?? 0))}
    </>
  )
}

export const Why = ({ trouble, also }: { trouble: Diagnosis; also?: string | undefined }) => {
  const { t } = useTranslation('diagnosis')
  const { facts, life } = trouble
  const { title, so } = wordsOf(trouble)
  return (
    <section className="why" aria-label={t('question', { name: trouble.subject.name })}>
      <h1>
        <Sentence text={t(title, facts)} facts={facts} />
      </h1>
      <p className="so">
        <Sentence text={t(so, facts)} facts={facts} />
        {also ? <span className="why-also">{also}</span> : null}
      </p>
      {life.length > 0 ? <Life life={life} /> : null}
      <h2>{t('what')}</h2>
      <Acts trouble={trouble} />
      <h2>{t('evidence')}</h2>
      <Evidence trouble={trouble} />
    </section>
  )
}
