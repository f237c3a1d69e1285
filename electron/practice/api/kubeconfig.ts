// The kubeconfig of a practice cluster: the only thing that clients need.

export interface KubeconfigOptions {
  server: string
  /** PEM. */
  ca: string
  token: string
  /** The way to Pod addresses, for programs that are no kubectl; kept beside the cluster as kubectl keeps extensions. */
  httpProxy?: string
}

/** YAML of a kubeconfig whose one context is named `practice`. */
export const kubeconfigYaml = ({ server, ca, token, httpProxy }: KubeconfigOptions): string => `apiVersion: v1
kind: Config
current-context: practice
clusters:
- name: practice
  cluster:
    server: ${server}
    certificate-authority-data: ${Buffer.from(ca).toString('base64')}${httpProxy === undefined ? '' : extension(httpProxy)}
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

const extension = (httpProxy: string): string => `
    extensions:
    - name: http-proxy
      extension:
        url: ${httpProxy}`
