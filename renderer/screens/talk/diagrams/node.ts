// One node: the control plane points at it; on it Pods and add-ons, under them kubelet, kube-proxy and the runtime.

import type { Diagram } from './diagram.ts'
import { cutTo } from './objects/reading.ts'
import { helloStory } from './stories/hello.ts'
import type { Story } from './story.ts'

/** What the control plane does before and after is another picture's. */
const story: Story = {
  before: [...(helloStory.before ?? []), ...helloStory.steps.slice(0, 3).flat()],
  steps: helloStory.steps.slice(3, 7),
  still: { step: 0, hop: 0 },
}

export const node: Diagram = {
  label: t => t('diagram.node'),
  story,
  draw: ({ nodes }, t, at) => {
    const names = nodes.map(({ name }) => name)
    const index = Math.max(0, names.indexOf(at ?? ''))
    const here = nodes[index]
    const [kubelet, kubeProxy, containerd] = ['kubelet', 'kube-proxy', 'containerd'].map(part => `${part}/${here?.name}`) as [
      string,
      string,
      string,
    ]
    return {
      width: 976,
      height: 630,
      frames: [{ x: 0, y: 122, width: 976, height: 508 }],
      places: [
        {
          id: 'kube-apiserver',
          part: 'kube-apiserver',
          shape: 'bar',
          x: 0,
          y: 0,
          width: 976,
          height: 72,
          note: t('diagram.controlPlaneFrame'),
        },
        {
          id: 'pods',
          part: 'pods',
          x: 196,
          y: 188,
          width: 520,
          height: 228,
          shape: 'frame',
          note: t('diagram.pods', { count: here?.pods.length ?? 0 }),
        },
        { id: 'dns', part: 'dns', x: 224, y: 324, width: 144, height: 68 },
        { id: 'ui', part: 'ui', x: 384, y: 324, width: 144, height: 68 },
        { id: 'fluentd', part: 'fluentd', x: 544, y: 324, width: 144, height: 68 },
        { id: 'cni', part: 'cni', x: 748, y: 188, width: 156, height: 228, note: t('diagram.podAddress') },
        { id: kubelet, part: 'kubelet', x: 28, y: 452, width: 244, height: 68 },
        { id: kubeProxy, part: 'kube-proxy', x: 704, y: 452, width: 244, height: 68 },
        { id: containerd, part: 'containerd', x: 366, y: 452, width: 244, height: 68 },
        { id: 'supervisor', part: 'supervisor', x: 28, y: 540, width: 582, height: 72, note: t('diagram.supervises') },
      ],
      wires: [
        {
          from: 'kube-apiserver',
          to: kubelet,
          points: [
            [112, 72],
            [112, 452],
          ],
        },
        {
          from: 'kube-apiserver',
          to: kubeProxy,
          points: [
            [926, 72],
            [926, 452],
          ],
        },
        {
          from: kubelet,
          to: containerd,
          points: [
            [272, 486],
            [366, 486],
          ],
        },
      ],
      words: [{ x: 136, y: 166, text: here ? cutTo(here.name, 560) : t('diagram.oneNode'), look: 'name' }],
      dots: [{ x: 238, y: 276, pods: here?.pods ?? [] }],
      ...(names.length > 1 && { pager: { x: 904, y: 157, names, index } }),
    }
  },
}
