// The manifest of the step, with what changed since the step before lit, and a note where the cluster is elsewhere.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../../electron/contract/cluster.ts'
import { useKind } from '../../state/use-state.ts'
import { inkOf, manifestLines, replicasLine } from './manifest.ts'
import './manifest-pane.css'

interface ManifestPaneProps {
  file: { name: string; text: string } | undefined
  before: string | undefined
  namespace: string
}

const wantedBy = (deployments: readonly KubeObject[], name: string): number | undefined => {
  const spec = deployments.find(deployment => deployment.metadata.name === name)?.spec as { replicas?: number } | undefined
  return spec?.replicas
}

export const ManifestPane = ({ file, before, namespace }: ManifestPaneProps) => {
  const { t } = useTranslation('labs')
  const lines = useMemo(() => (file ? manifestLines(file.text, before) : []), [file, before])
  const all = useKind('Deployment')
  const deployments = [...(all?.values() ?? [])].filter(({ metadata }) => metadata.namespace === namespace)
  const replicas = replicasLine(lines)
  const wanted = replicas && wantedBy(deployments, replicas.name)
  return (
    <section className="manifest" aria-label={t('manifest')}>
      <header className="pane-head">
        <h2>{t('manifest')}</h2>
        <span className="small faint">{file?.name}</span>
      </header>
      {!file && <p className="small muted">{t('noManifest')}</p>}
      <ol className="manifest-lines">
        {lines.map(line => {
          const ink = inkOf(line.text)
          const note = replicas?.number === line.number && wanted !== undefined && wanted !== replicas.replicas
          return (
            <li key={line.number} className={line.isNew ? 'is-lit' : undefined}>
              <span className="manifest-number">{line.number}</span>
              <span className="manifest-text">
                {ink.lead}
                <b>{ink.key}</b>
                {ink.rest}
              </span>
              {line.was !== undefined && line.was !== '' && <em>{t('was', { value: line.was })}</em>}
              {note && <p className="manifest-note">{t('clusterNow', { count: wanted })}</p>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
