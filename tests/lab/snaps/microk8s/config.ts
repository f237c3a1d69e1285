// The admin's kubeconfig, as `microk8s config` writes it.

import type { Identity } from '../../../../electron/practice/practice.ts'

export const kubeconfigOf = ({ server, certificates, token }: Identity & { server: string }): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(certificates.ca).toString('base64')}
    server: ${server}
  name: microk8s-cluster
contexts:
- context:
    cluster: microk8s-cluster
    user: admin
  name: microk8s
current-context: microk8s
kind: Config
preferences: {}
users:
- name: admin
  user:
    token: ${token}
`
