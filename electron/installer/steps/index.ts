// Every step, in the order in which they run.

import type { Step } from '../step.ts'
import { base } from './base.ts'
import { bundle } from './bundle.ts'
import { alias, group, route } from './choices.ts'
import { hold } from './hold.ts'
import { microk8s } from './microk8s.ts'
import { forwarding, forwardRules } from './network.ts'
import { images, launch } from './prepare.ts'
import { renew } from './renew.ts'
import { addons, pods, ready } from './run.ts'
import { hello, kubeconfig, kubectl } from './user.ts'

export const steps: readonly Step[] = [
  bundle,
  forwarding,
  forwardRules,
  route,
  images,
  launch,
  base,
  microk8s,
  renew,
  hold,
  ready,
  addons,
  kubeconfig,
  kubectl,
  group,
  alias,
  pods,
  hello,
]
