// What kubectl asks and is answered, exchange by exchange, held against the same conversation with a real Kubernetes 1.36.

import { expect, test } from 'vitest'
import { podsOf, startLab } from './cluster.ts'
import { httpDifferences } from './differences.ts'
import { exchangesOf, readConversations, spell } from './http.ts'
import { podName } from './normalise.ts'
import { recorded } from './versions.ts'

/** Bodies are cut at about one place, so that the shorter must begin the longer. */
const isAlike = (left: string, right: string): boolean =>
  left === right ||
  (left.startsWith('<< ') && Math.min(left.length, right.length) > 150 && (left.startsWith(right) || right.startsWith(left)))

test.skipIf(!recorded)(
  `kubectl 1.36 hears what it heard from a real cluster${recorded ? '' : ' (skipped: no kubectl 1.36 on this machine)'}`,
  async () => {
    const lab = await startLab(recorded!)
    const used = new Set<string>()
    const problems: { step: string; missing: string[]; extra: string[] }[] = []
    let [equal, exchanges, lines] = [0, 0, 0]
    try {
      // What was asked before is in kubectl's cache, as it was then.
      for (const command of ['get pods', 'explain pod']) await lab.sh(`kubectl ${command}`)
      for (const { at, command, exchanges: expected } of readConversations()) {
        if (/ (get pod|scale|delete pod) /.test(`${command} `) && at !== '09-http:3') await lab.ready(1)
        if (/ (exec|logs|describe) /.test(command)) await lab.ready(2)
        const { output } = await lab.sh(command.replace(podName, () => podsOf(lab.practice)[0]?.metadata.name ?? 'none'))
        const actual = exchangesOf(output).map(spell)
        if (actual.length !== expected.length)
          problems.push({
            step: `${at} ${command}`,
            missing: expected.map(([head]) => head!),
            extra: actual.map(([head]) => head!),
          })
        for (const [index, told] of expected.entries()) {
          const heard = actual[index] ?? []
          const isListed = (line: string) => {
            const rule = httpDifferences.find(
              each => new RegExp(each.said).test(line) && (!each.to || new RegExp(each.to).test(told[0]!)),
            )
            if (rule) used.add(rule.said)
            return rule !== undefined
          }
          const missing = told.filter(line => !heard.some(each => isAlike(line, each)) && !isListed(line))
          const extra = heard.filter(line => !told.some(each => isAlike(each, line)) && !isListed(line))
          exchanges++
          lines += told.length
          equal += told.length - told.filter(line => !heard.some(each => isAlike(line, each))).length
          if (missing.length + extra.length > 0) problems.push({ step: `${at} ${told[0]}`, missing, extra })
        }
      }
    } finally {
      expect(await lab.done()).toEqual([])
    }
    console.log(`${exchanges} exchanges of HTTP: ${equal} of ${lines} lines equal, the rest listed with reasons`)
    expect(problems).toEqual([])
    expect(httpDifferences.map(({ said }) => said).filter(said => !used.has(said))).toEqual([])
    expect(exchanges).toBeGreaterThan(25)
  },
  60_000,
)
