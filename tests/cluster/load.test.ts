import { expect, test } from 'vitest'
import { countsOf } from '../../electron/cluster/load.ts'

// A few lines as kube-apiserver v1.34 writes them.
const text = `# HELP apiserver_longrunning_requests [STABLE] Gauge of all active long-running apiserver requests
# TYPE apiserver_longrunning_requests gauge
apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 7
apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="resource",subresource="exec",verb="CONNECT",version="v1"} 1
apiserver_longrunning_requests{component="apiserver",group="apps",resource="deployments",scope="cluster",subresource="",verb="WATCH",version="v1"} 5
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",verb="LIST",version="v1"} 40
apiserver_request_total{code="0",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1.2e+02
apiserver_request_terminations_total{code="504"} 9
`

test('watches that are open and requests since the start are added up over all kinds', () => {
  expect(countsOf(text)).toEqual({ watches: 12, requests: 160 })
  expect(countsOf('not ours')).toEqual({ watches: 0, requests: 0 })
})
