// Storage: Pods name a claim, the claim is bound to a volume, and a class had the volume made. The Pods go, and the rest stays.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram, Words as Texts } from '../diagram.ts'
import { bent, type Place, type Tie, type Words } from '../drawing.ts'
import { storageStory } from '../stories/storage.ts'
import { cast, ground, stage } from './cast.ts'
import { byBirth, cutTo, fieldsOf, mostTelling, nameOf, ofKind, uidsOf } from './reading.ts'

interface PodFields {
  spec: { volumes?: { persistentVolumeClaim?: { claimName: string } }[] }
}
interface ClaimFields {
  spec: {
    volumeName?: string
    storageClassName?: string
    accessModes?: string[]
    resources?: { requests?: { storage?: string } }
  }
  status: { phase?: string }
}
interface VolumeFields {
  spec: {
    capacity?: { storage?: string }
    storageClassName?: string
    persistentVolumeReclaimPolicy?: string
    local?: { path: string }
    hostPath?: { path: string }
    nfs?: { server: string }
    csi?: { driver: string }
  }
  status: { phase?: string }
}
interface ClassFields {
  provisioner: string
}

const isMountedBy = (pod: KubeObject, claim: KubeObject): boolean =>
  pod.metadata.namespace === claim.metadata.namespace &&
  (fieldsOf<PodFields>(pod).spec?.volumes?.some(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name,
  ) ??
    false)

const podsOf = (objects: readonly KubeObject[], claim: KubeObject | undefined): KubeObject[] =>
  claim
    ? ofKind(objects, 'Pod')
        .filter(pod => isMountedBy(pod, claim))
        .toSorted(byBirth)
    : []

/** Claims that a StatefulSet wrote from its template are another picture's; they have no owner, but their Pods do. */
const isOfSet = (objects: readonly KubeObject[], { metadata }: KubeObject): boolean =>
  ofKind(objects, 'StatefulSet').some(({ metadata: set, spec }) => {
    const templates = ((spec ?? {}) as { volumeClaimTemplates?: { metadata: { name: string } }[] }).volumeClaimTemplates ?? []
    return (
      set.namespace === metadata.namespace &&
      templates.some(template => metadata.name.startsWith(`${template.metadata.name}-${set.name}-`))
    )
  })

interface Chain {
  claim?: KubeObject
  volume?: KubeObject
}

/** The claim that somebody wrote last; where there is none, a volume that waits for one; else a StatefulSet's claim. */
export const chosenChain = (objects: readonly KubeObject[]): Chain => {
  const claims = ofKind(objects, 'PersistentVolumeClaim')
  const volumes = ofKind(objects, 'PersistentVolume')
  const own = mostTelling(claims.filter(claim => !isOfSet(objects, claim)))
  const unbound = mostTelling(volumes.filter(volume => fieldsOf<VolumeFields>(volume).status?.phase !== 'Bound'))
  const claim = own ?? (unbound ? undefined : mostTelling(claims))
  if (!claim) return { volume: unbound }
  const { volumeName } = fieldsOf<ClaimFields>(claim).spec ?? {}
  return { claim, volume: volumes.find(({ metadata }) => metadata.name === volumeName) }
}

const classNameOf = ({ claim, volume }: Chain): string | undefined =>
  fieldsOf<ClaimFields>(claim).spec?.storageClassName ?? fieldsOf<VolumeFields>(volume).spec?.storageClassName

/** The one that is named; before anything names one, the one that is there. */
const classOf = (objects: readonly KubeObject[], chain: Chain): KubeObject | undefined => {
  const classes = ofKind(objects, 'StorageClass')
  if (!chain.claim && !chain.volume) return mostTelling(classes)
  return classes.find(({ metadata }) => metadata.name === classNameOf(chain))
}

/** What kind of place it is, and where: `local /data/shelf`. */
const whereOf = ({ spec }: Partial<VolumeFields>): string => {
  if (spec?.local) return `local ${spec.local.path}`
  if (spec?.hostPath) return `hostPath ${spec.hostPath.path}`
  if (spec?.nfs) return `nfs ${spec.nfs.server}`
  return spec?.csi ? `csi ${spec.csi.driver}` : ''
}

const mostPods = 3
const row = { height: 54, gap: 16 }
const top = ground + 40
const pods = { x: 0, width: 250 }
const form = { x: 290, y: top, width: 326, height: 194 }
const disk = { x: 656, y: top - 12, width: 320, height: 218 }
const keeper = { x: 0, y: 556, width: stage.width, height: 54 }
const middle = form.y + form.height / 2

const podPlace = (pod: KubeObject | undefined, index: number, t: Texts): Place => ({
  id: `pod/${index}`,
  part: 'pod',
  shape: 'row',
  ...pods,
  y: top + index * (row.height + row.gap),
  height: row.height,
  label: pod ? cutTo(nameOf(pod), pods.width - 60) : t('object.none'),
  ...(pod && { state: podState(pod).state }),
  isAbsent: !pod,
})

/** Lines inside a box, one below the other. */
const lines = (
  { x, y }: { x: number; y: number },
  ...texts: readonly (readonly [string | undefined, Words['look']])[]
): Words[] => texts.flatMap(([text, look], index) => (text ? [{ x: x + 24, y: y + index * 36, text, look }] : []))

const claimWords = (claim: KubeObject | undefined, t: Texts): Words[] => {
  const { spec, status } = fieldsOf<ClaimFields>(claim)
  const size = spec?.resources?.requests?.storage
  return lines(
    { x: form.x, y: form.y + 84 },
    [size && t('object.asks', { size }), 'note'],
    [spec?.accessModes?.join(', ') && cutTo(spec.accessModes.join(', '), form.width - 48), 'code'],
    [status?.phase === 'Bound' ? t('object.bound') : standing(claim, t).word, 'note'],
  )
}

/** How a claim or a volume stands: bound, waiting, or kept only until nobody uses it. */
const standing = (object: KubeObject | undefined, t: Texts): Pick<Place, 'state' | 'word'> => {
  if (!object) return {}
  if (object.metadata.deletionTimestamp) return { state: 'leaving' }
  const { phase } = fieldsOf<{ status: { phase?: string } }>(object).status ?? {}
  if (phase === 'Bound') return { state: 'ready', word: t('object.bound') }
  const waits = { Released: 'object.released', Available: 'object.available', Pending: 'object.waitsForVolume' } as const
  return { state: 'pending', word: phase && phase in waits ? t(waits[phase as keyof typeof waits]) : phase }
}

/** One that was made for a claim has no name that anybody would know. */
const volumeName = ({ metadata: { name } }: KubeObject): string => (name.startsWith('pvc-') ? 'PV' : `PV ${cutTo(name, 170)}`)

const volumeWords = (volume: KubeObject | undefined, t: Texts): Words[] => {
  const fields = fieldsOf<VolumeFields>(volume)
  const size = fields.spec?.capacity?.storage
  const fate = fields.spec?.persistentVolumeReclaimPolicy === 'Delete' ? 'object.goesWithClaim' : 'object.outlivesClaim'
  return lines(
    { x: disk.x, y: disk.y + 108 },
    [size && t('object.holds', { size }), 'note'],
    [cutTo(whereOf(fields), disk.width - 48), 'code'],
    [volume && (fields.status?.phase === 'Bound' ? t(fate) : standing(volume, t).word), 'note'],
  )
}

export const storage: Diagram = {
  label: t => t('diagram.storagePicture'),
  story: storageStory,
  isIn: ({ objects }) => Object.values(chosenChain(objects)).some(Boolean),
  draw: ({ objects }, t) => {
    const { claim, volume } = chosenChain(objects)
    const users = podsOf(objects, claim)
    const isBound = fieldsOf<ClaimFields>(claim).status?.phase === 'Bound'
    const storageClass = classOf(objects, { claim, volume })
    const className = storageClass?.metadata.name ?? classNameOf({ claim, volume })
    const { provisioner } = fieldsOf<ClassFields>(storageClass)
    const { places, wires } = cast(['kubectl', 'kube-scheduler', 'persistentvolume-controller', 'kubelet'], t)
    const shown = users.slice(0, mostPods)
    const podPlaces = shown.length > 0 ? shown.map((pod, index) => podPlace(pod, index, t)) : [podPlace(undefined, 0, t)]
    const down = (x: number, y: number, isThere: unknown): Tie => ({
      look: isThere ? 'owns' : 'limit',
      points: [
        [x, y],
        [x, keeper.y],
      ],
    })
    return {
      ...stage,
      wires,
      places: [
        ...places,
        ...podPlaces,
        {
          id: 'persistentvolumeclaim',
          part: 'persistentvolumeclaim',
          shape: 'frame',
          ...form,
          label: claim ? `PVC ${cutTo(claim.metadata.name, 170)}` : t('object.noClaimThere'),
          ...standing(claim, t),
          isAbsent: !claim,
        },
        {
          id: 'persistentvolume',
          part: 'persistentvolume',
          shape: 'store',
          ...disk,
          label: volume ? volumeName(volume) : t('object.noVolumeThere'),
          ...standing(volume, t),
          isAbsent: !volume,
        },
        {
          id: 'storageclass',
          part: 'storageclass',
          shape: 'strip',
          ...keeper,
          note: className ? cutTo([className, provisioner].filter(Boolean).join(' · '), 860) : t('object.madeByHand'),
          isAbsent: !storageClass,
        },
      ],
      words: [
        ...claimWords(claim, t),
        ...volumeWords(volume, t),
        ...(users.length > mostPods
          ? [
              {
                x: 18,
                y: top + mostPods * (row.height + row.gap) + 20,
                text: t('object.more', { count: users.length - mostPods }),
                look: 'note',
              } satisfies Words,
            ]
          : []),
      ],
      ties: [
        ...podPlaces.map(({ x, y, width, height, state }) =>
          bent(state === 'ready' && isBound ? 'flows' : 'limit', [x + width, y + height / 2], [form.x, middle]),
        ),
        {
          look: isBound ? 'flows' : 'limit',
          points: [
            [form.x + form.width, middle],
            [disk.x, middle],
          ],
        },
        down(form.x + form.width / 2, form.y + form.height, claim && storageClass),
        down(disk.x + disk.width / 2, disk.y + disk.height, volume && storageClass),
      ],
      of: uidsOf(claim, volume, ...users),
    }
  },
}
