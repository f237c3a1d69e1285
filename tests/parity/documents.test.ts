// Discovery, lists, Tables and a watch, fact by fact, held against what a real Kubernetes 1.36 served.

import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startLab } from './cluster.ts'
import { documentDifferences } from './differences.ts'
import { factsOf, readDocuments } from './documents.ts'
import { versions } from './versions.ts'

const forms: Record<string, string> = {
  '': 'application/json',
  Table: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  aggregated: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
}

test('documents say what a real cluster says, but for what is listed', async () => {
  const lab = await startLab(versions.at(-1)!)
  const { server, kubeconfig } = lab.practice
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? ''
  const ca = Buffer.from(field('certificate-authority-data'), 'base64').toString()
  const ask = (path: string, accept = forms['']!) =>
    new Promise<string>((resolve, reject) => {
      const headers = { accept, authorization: `Bearer ${field('token')}` }
      request(`${server}${path}`, { ca, headers }, response => text(response).then(resolve, reject))
        .on('error', reject)
        .end()
    })
  const used = new Set<string>()
  const problems: { at: string; missing: string[]; extra: string[] }[] = []
  let [equal, all] = [0, 0]
  try {
    const start = await ask('/api/v1/namespaces/default/pods')
    const since = (JSON.parse(start) as { metadata: { resourceVersion: string } }).metadata.resourceVersion
    await lab.sh('kubectl apply -f 02-deployment/openresty-deployment.yaml')
    await lab.ready(1)
    // As it was recorded: grown and shrunk again, so that every manager has written.
    await lab.sh('kubectl scale deployment openresty --replicas=2')
    await lab.ready(2)
    await lab.sh('kubectl apply -f 02-deployment/openresty-deployment.yaml')
    await lab.ready(1)
    for (const { at, path, form, facts } of readDocuments()) {
      const isWatch = at.startsWith('WATCH')
      const answer = await ask(isWatch ? `${path}?watch=1&timeoutSeconds=1&resourceVersion=${since}` : path, forms[form])
      const told = isWatch
        ? [
            ...new Set(
              answer
                .trim()
                .split('\n')
                .map(line => (JSON.parse(line) as { type: string }).type),
            ),
          ]
        : factsOf(JSON.parse(answer))
      const isListed = (fact: string) => {
        const rule = documentDifferences.find(
          each => new RegExp(each.fact).test(fact) && (!each.of || new RegExp(each.of).test(at)),
        )
        if (rule) used.add(rule.fact)
        return rule !== undefined
      }
      const missing = facts.filter(fact => !told.includes(fact))
      all += facts.length
      equal += facts.length - missing.length
      const unlisted = {
        missing: missing.filter(fact => !isListed(fact)),
        extra: told.filter(fact => !facts.includes(fact) && !isListed(fact)),
      }
      if (unlisted.missing.length + unlisted.extra.length > 0) problems.push({ at, ...unlisted })
    }
  } finally {
    expect(await lab.done()).toEqual([])
  }
  console.log(`${equal} of ${all} facts of documents equal, the rest listed with reasons`)
  expect(problems).toEqual([])
  expect(documentDifferences.map(({ fact }) => fact).filter(fact => !used.has(fact))).toEqual([])
}, 60_000)
