// Lab 99 by hand, with each kubectl of this run: ten openresty count in one redis, whatever dies meanwhile.

import { expect, test } from 'vitest'
import { startLab } from './cluster.ts'
import { versions } from './versions.ts'

/** The first free request after a Pod's death may still meet it; a learner asks again, too. */
const patient = 50

test.concurrent.each([...versions])(
  'kubectl $version, lab 99-final',
  async kubectl => {
    const lab = await startLab(kubectl, 2)
    const must = async (command: string) => {
      const { code, output } = await lab.sh(command)
      expect(code, `${command}\n${output}`).toBe(0)
      return output.trim()
    }
    const addresses = new Set<string>()
    let last = 0
    const count = async (times: number) => {
      for (let left = times, failures = 0; left > 0; ) {
        const { output } = await lab.sh('lancurl 10.210.0.2/count')
        const [, address, number] = /^(10\.42\.\d+\.\d+) (\d+)\n/.exec(output) ?? []
        if (!address) {
          expect(failures++, output).toBeLessThan(patient)
          continue
        }
        expect(Number(number)).toBeGreaterThan(last)
        last = Number(number)
        addresses.add(address)
        left--
      }
    }
    try {
      expect(await must('kubectl apply -f 99-final/redis.yaml')).toBe('statefulset.apps/redis created\nservice/redis created')
      await lab.ready(1)
      expect(await must('kubectl apply -f 99-final/openresty.yaml')).toBe(
        ['configmap/openresty-configmap', 'deployment.apps/openresty', 'service/openresty']
          .map(each => `${each} created`)
          .join('\n'),
      )
      await lab.ready(11)
      await must(`kubectl patch service openresty -p '{"spec":{"externalIPs":["10.210.0.2"]}}'`)
      await count(20)
      expect(addresses.size).toBeGreaterThan(4)
      expect(await must('kubectl exec redis-0 -- redis-cli get count')).toBe(String(last))
      await must('kubectl delete $(kubectl get pods -l app=openresty -oname | head -1)')
      await count(5)
      await must('kubectl delete pod redis-0')
      await lab.ready(11)
      await count(5)
      expect(await must('kubectl exec redis-0 -- redis-cli get count')).toBe(String(last))
      await must('kubectl delete -f 99-final')
      await must('kubectl delete pvc data-redis-0')
      await lab.ready(0)
      expect(await must('kubectl get pv,pvc,configmap,deployment,statefulset -oname')).toBe('configmap/kube-root-ca.crt')
    } finally {
      expect(await lab.done()).toEqual([])
    }
  },
  180_000,
)
