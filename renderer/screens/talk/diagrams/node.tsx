// The node: the control plane points at it; on it Pods and add-ons, under them kubelet, kube-proxy and the runtime.

import { useTranslation } from 'react-i18next'
import type { ClusterFacts, PodDot } from './facts.ts'
import { Dots, type Focus, Frame, Part, Wire } from './parts.tsx'

const drawn: PodDot[] = ['a', 'b', 'c'].map(name => ({ uid: name, name, state: 'ready' }))

export const NodeDiagram = ({ facts, ...focus }: Focus & { facts: ClusterFacts | undefined }) => {
  const { t } = useTranslation('talk')
  const lit = (part: string) => focus.part === part
  const node = facts?.nodes[0]
  const pods = node?.pods ?? drawn
  return (
    <svg className="diagram" viewBox="-2 -2 980 660" preserveAspectRatio="xMinYMin" role="group" aria-label={t('diagram.node')}>
      <Part
        id="kube-apiserver"
        shape="bar"
        x={0}
        y={0}
        width={976}
        height={76}
        note={t('diagram.controlPlaneFrame')}
        {...focus}
      />
      <Frame x={0} y={128} width={976} height={528}>
        <text className="name" x={28} y={172}>
          {node?.name ?? t('diagram.oneNode')}
        </text>
      </Frame>
      <Wire d="M172 76V472" isLit={lit('kubelet')} />
      <Wire d="M930 76V472" isLit={lit('kube-proxy')} />
      <Part id="pods" x={196} y={196} width={520} height={236} label=" " {...focus} />
      <text className="name" x={224} y={240} pointerEvents="none">
        Pod
      </text>
      <text className="note is-count" x={688} y={240} textAnchor="end" pointerEvents="none">
        {node ? t('diagram.pods', { count: pods.length }) : ''}
      </text>
      <Dots pods={pods} x={238} y={288} />
      <Part id="dns" x={224} y={336} width={144} height={68} {...focus} />
      <Part id="ui" x={384} y={336} width={144} height={68} {...focus} />
      <Part id="fluentd" x={544} y={336} width={144} height={68} {...focus} />
      <Part id="cni" x={748} y={196} width={156} height={236} note={t('diagram.podAddress')} {...focus} />
      <Part id="kubelet" x={28} y={472} width={244} height={72} {...focus} />
      <Part id="kube-proxy" x={704} y={472} width={244} height={72} {...focus} />
      <Part id="containerd" x={366} y={472} width={244} height={72} {...focus} />
      <Wire d="M272 508H366" isLit={lit('containerd')} />
      <Part id="supervisor" x={28} y={564} width={582} height={76} note={t('diagram.supervises')} {...focus} />
    </svg>
  )
}
