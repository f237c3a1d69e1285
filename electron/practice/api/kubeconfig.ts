// The kubeconfig of a practice cluster: the only thing that clients need.

export interface KubeconfigOptions {
  server: string
  /** PEM. */
  ca: string
  token: string
}

/** YAML of a kubeconfig whose one context is named `practice`. */
export const kubeconfigYaml = ({ server, ca, token }: KubeconfigOptions): string => `apiVersion: v1
kind: Config
current-context: practice
clusters:
- name: practice
  cluster:
    server: ${server}
    certificate-authority-data: ${Buffer.from(ca).toString('base64')}
contexts:
- name: practice
  context:
    cluster: practice
    user: learner
    namespace: default
users:
- name: learner
  user:
    token: ${token}
preferences: {}
`
