// The control plane: three kinds of clients, one door, and three parts side by side on etcd.

import { useTranslation } from 'react-i18next'
import type { ClusterFacts } from './facts.ts'
import { type Focus, Frame, Part, Wire } from './parts.tsx'

export const ControlPlane = ({ facts, ...focus }: Focus & { facts: ClusterFacts | undefined }) => {
  const { t } = useTranslation('talk')
  const lit = (part: string) => focus.part === part
  return (
    <svg
      className="diagram"
      viewBox="-2 -2 980 660"
      preserveAspectRatio="xMinYMin"
      role="group"
      aria-label={t('diagram.controlPlane')}
    >
      <Part id="client-api" x={60} y={0} width={240} height={76} {...focus} />
      <Part id="client-ui" x={368} y={0} width={240} height={76} {...focus} />
      <Part id="kubectl" x={676} y={0} width={240} height={76} {...focus} />
      <Wire d="M180 76V188" isLit={lit('client-api')} />
      <Wire d="M488 76V188" isLit={lit('client-ui')} />
      <Wire d="M796 76V188" isLit={lit('kubectl')} />
      <Frame x={0} y={148} width={976} height={508}>
        <text className="note" x={24} y={178}>
          {t('diagram.controlPlaneFrame')}
        </text>
      </Frame>
      <Part id="kube-apiserver" shape="bar" x={60} y={196} width={856} height={84} note={t('diagram.door')} {...focus} />
      <Wire d="M190 280V352" isLit={lit('kube-scheduler')} />
      <Wire d="M488 280V352" isLit={lit('kube-controller-manager')} />
      <Wire d="M790 280V352" isLit={lit('cloud-controller-manager')} />
      <Part
        id="kube-scheduler"
        x={60}
        y={352}
        width={240}
        height={92}
        note={facts ? t('diagram.waiting', { count: facts.waitingForNode }) : t('diagram.picks')}
        {...focus}
      />
      <Part
        id="kube-controller-manager"
        x={340}
        y={352}
        width={296}
        height={92}
        note={facts ? t('diagram.wanted', { wanted: facts.wanted, have: facts.have }) : t('diagram.loops')}
        {...focus}
      />
      <Part
        id="cloud-controller-manager"
        x={676}
        y={352}
        width={240}
        height={92}
        label={t('diagram.cloudShort')}
        note={t('diagram.onlyCloud')}
        {...focus}
      />
      <Wire d="M320 280V500" isLit={lit('etcd')} />
      <Part
        id="etcd"
        x={200}
        y={500}
        width={240}
        height={116}
        shape="drum"
        note={facts?.revision ? t('diagram.revision', { revision: facts.revision }) : t('diagram.memory')}
        {...focus}
      />
      <text className="note" x={476} y={568}>
        {t('diagram.onlyApi')}
      </text>
    </svg>
  )
}
