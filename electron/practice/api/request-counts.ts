// What the server was asked, counted for /metrics: Prometheus' text format, under the names that a real API server uses.

import { type Exchange, sendText } from './exchange.ts'

export interface RequestCounts {
  /** Counts a request from its beginning to the end of its answer. */
  follow(exchange: Exchange): void
  answer(exchange: Exchange): void
}

// Models apiserver/pkg/endpoints/metrics/metrics.go; without the labels that nobody here adds up by.
const names = {
  total: ['apiserver_request_total', 'Counter of apiserver requests broken out for each verb and HTTP response code.', 'counter'],
  open: ['apiserver_longrunning_requests', 'Gauge of all active long-running apiserver requests broken out by verb.', 'gauge'],
} as const

const verbOf = ({ method, query }: Exchange): string =>
  method === 'GET' && ['1', 'true'].includes(query.get('watch') ?? '') ? 'WATCH' : method

const add = (counts: Map<string, number>, labels: string, by: number): void =>
  void counts.set(labels, (counts.get(labels) ?? 0) + by)

const lines = ([name, help, type]: readonly [string, string, string], counts: ReadonlyMap<string, number>): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...[...counts].map(([labels, count]) => `${name}{${labels}} ${count}`),
    '',
  ].join('\n')

export const createRequestCounts = (): RequestCounts => {
  const total = new Map<string, number>()
  const open = new Map<string, number>()
  return {
    follow: exchange => {
      const { response, path } = exchange
      // Our own doors are no part of the API.
      if (path[0] === 'practice') return
      const verb = verbOf(exchange)
      if (verb === 'WATCH') add(open, `verb="${verb}"`, 1)
      response.once('close', () => {
        add(total, `code="${response.statusCode}",verb="${verb}"`, 1)
        if (verb === 'WATCH') add(open, `verb="${verb}"`, -1)
      })
    },
    answer: exchange =>
      sendText(exchange, 200, lines(names.total, total) + lines(names.open, open), 'text/plain; version=0.0.4; charset=utf-8'),
  }
}
