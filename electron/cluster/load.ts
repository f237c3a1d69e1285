// How busy an API server is, read from its own /metrics. Pure.

/** What can be read at one moment; the requests are those since the server started. */
export interface Counts {
  watches: number
  requests: number
}

/** @param text Prometheus' text format */
export const countsOf = (text: string): Counts => {
  const counts: Counts = { watches: 0, requests: 0 }
  for (const line of text.split('\n')) {
    const value = Number(line.slice(line.lastIndexOf(' ') + 1))
    if (line.startsWith('apiserver_request_total{')) counts.requests += value
    else if (line.startsWith('apiserver_longrunning_requests{') && line.includes('verb="WATCH"')) counts.watches += value
  }
  return counts
}
