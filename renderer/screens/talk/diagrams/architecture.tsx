// The architecture: who talks to whom. Everybody talks to the API server.

import { useTranslation } from 'react-i18next'
import type { ClusterFacts, NodeFacts } from './facts.ts'
import { Dots, type Focus, Frame, Part, Wire } from './parts.tsx'

/** Shown where no cluster is attached: two nodes, nothing on them. */
const drawnNodes: NodeFacts[] = [
  { name: 'node1', isReady: true, pods: [] },
  { name: 'node2', isReady: true, pods: [] },
]

const Machine = ({ node, x, live, focus }: { node: NodeFacts; x: number; live: boolean; focus: Focus }) => {
  const { t } = useTranslation('talk')
  return (
    <Frame x={x} y={328} width={476} height={296}>
      <Part id="kubelet" x={x + 24} y={348} width={184} height={60} {...focus} />
      <Part id="kube-proxy" x={x + 228} y={348} width={224} height={60} {...focus} />
      <text className="name" x={x + 24} y={464}>
        {node.name}
      </text>
      <Dots pods={node.pods} x={x + 138} y={455} />
      <text className="note is-count" x={x + 452} y={464} textAnchor="end">
        {live ? t('diagram.pods', { count: node.pods.length }) : ''}
      </text>
      <Part id="containerd" x={x + 24} y={500} width={252} height={60} {...focus} />
      <Part id="cni" x={x + 296} y={500} width={156} height={60} {...focus} />
    </Frame>
  )
}

export const Architecture = ({ facts, ...focus }: Focus & { facts: ClusterFacts | undefined }) => {
  const { t } = useTranslation('talk')
  const [first = drawnNodes[0], second = drawnNodes[1]] = facts?.nodes ?? drawnNodes
  const lit = (part: string) => focus.part === part
  const more = facts ? facts.nodes.length - 2 : 0
  return (
    <svg
      className="diagram"
      viewBox="-2 -2 980 660"
      preserveAspectRatio="xMinYMin"
      role="group"
      aria-label={t('diagram.architecture')}
    >
      <Wire d="M88 92V176" isLit={lit('kubectl')} />
      <Wire d="M312 92V176" isLit={lit('etcd')} />
      <Wire d="M584 92V176" isLit={lit('kube-controller-manager')} />
      <Wire d="M876 92V176" isLit={lit('kube-scheduler')} />
      <Wire d="M116 256V348M616 256V348" isLit={lit('kubelet')} />
      <Wire d="M340 256V348M840 256V348" isLit={lit('kube-proxy')} />
      <Part id="kubectl" x={0} y={0} width={176} height={92} note={t('diagram.clients')} {...focus} />
      <Part
        id="etcd"
        x={232}
        y={0}
        width={160}
        height={92}
        shape="drum"
        note={facts?.revision && t('diagram.revision', { revision: facts.revision })}
        {...focus}
      />
      <Part
        id="kube-controller-manager"
        x={448}
        y={0}
        width={272}
        height={92}
        note={facts ? t('diagram.wanted', { wanted: facts.wanted, have: facts.have }) : t('diagram.loops')}
        {...focus}
      />
      <Part
        id="kube-scheduler"
        x={776}
        y={0}
        width={200}
        height={92}
        note={facts ? t('diagram.waiting', { count: facts.waitingForNode }) : t('diagram.picks')}
        {...focus}
      />
      <Part id="kube-apiserver" shape="bar" x={0} y={176} width={976} height={80} note={t('diagram.everybody')} {...focus} />
      {first && <Machine node={first} x={0} live={facts !== undefined} focus={focus} />}
      {second && <Machine node={second} x={500} live={facts !== undefined} focus={focus} />}
      {second && <path className="wire" d="M374 560V596H874V560" />}
      <text className="note" x={358} y={603} textAnchor="end">
        {t('diagram.podNetwork')}
      </text>
      {more > 0 && (
        <text className="note" x={976} y={652} textAnchor="end">
          {t('diagram.moreNodes', { count: more })}
        </text>
      )}
    </svg>
  )
}
