// Fields of k8s.io/api/storage/v1, written by build/schema.ts; table.ts tells how to read them.

export const storage = `
CSINode metadata=1meta.ObjectMeta spec=2CSINodeSpec
CSINodeDriver name=1s nodeID=2s topologyKeys=3[]s allocatable=4*VolumeNodeResources
CSINodeSpec drivers=1[]CSINodeDriver~name#name
StorageClass metadata=1meta.ObjectMeta provisioner=2s parameters=3{}s reclaimPolicy=4*s mountOptions=5[]s allowVolumeExpansion=6*b volumeBindingMode=7*s allowedTopologies=8[]core.TopologySelectorTerm
VolumeAttachment metadata=1meta.ObjectMeta spec=2VolumeAttachmentSpec status=3VolumeAttachmentStatus
VolumeAttachmentSource persistentVolumeName=1*s inlineVolumeSpec=2*core.PersistentVolumeSpec
VolumeAttachmentSpec attacher=1s source=2VolumeAttachmentSource nodeName=3s
VolumeAttachmentStatus attached=1b attachmentMetadata=2{}s attachError=3*VolumeError detachError=4*VolumeError
VolumeError time=1Time message=2s errorCode=3*i
VolumeNodeResources count=1*i
`
