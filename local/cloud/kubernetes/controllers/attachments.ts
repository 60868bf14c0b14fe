/**
 * Attaches the volumes of pods to their nodes, one node at a time, and detaches them after the last pod. Source: Kubernetes documentation,
 * "Persistent Volumes" (ReadWriteOnce); CSI design, "attach/detach controller".
 */
import { addObject } from "../bootstrap.ts";
import type { KubeContext } from "../context.ts";
import { isOver, type PersistentVolume, type Pod, type VolumeAttachment } from "../objects.ts";
import { ebsDriver, volumesOf } from "../scheduling/volumes.ts";
import { change } from "../writing.ts";

/** † EBS attaches within seconds. */
const attachMs = 1500;

const attachmentsOf = ({ store }: KubeContext, volumeName: string): readonly VolumeAttachment[] =>
  store
    .list("volumeattachments")
    .filter(({ spec }) => spec.source.persistentVolumeName === volumeName);

const nodesThatNeed = (context: KubeContext, volumeName: string): readonly string[] =>
  context.store.list("pods").flatMap((pod) => {
    const { nodeName } = pod.spec;
    const isNeeded =
      nodeName !== undefined &&
      !isOver(pod) &&
      volumesOf(context, pod).some(({ metadata }) => metadata.name === volumeName);
    return isNeeded ? [nodeName] : [];
  });

const attach = (
  context: KubeContext,
  { metadata, spec }: PersistentVolume,
  nodeName: string,
): void => {
  const added = addObject(context, "volumeattachments", {
    metadata: { name: `csi-${context.random.hex(32)}` },
    spec: {
      attacher: spec.csi?.driver ?? ebsDriver,
      nodeName,
      source: { persistentVolumeName: metadata.name },
    },
    status: { attached: false },
  });
  context.time.after(attachMs, () => {
    change(context, "volumeattachments", { ...added, status: { attached: true } });
  });
};

const detachLater = (
  context: KubeContext,
  volumeName: string,
  { metadata, spec }: VolumeAttachment,
): void => {
  context.time.after(context.settings.detachMs, () => {
    if (nodesThatNeed(context, volumeName).includes(spec.nodeName)) return;
    context.store.remove("volumeattachments", metadata);
  });
};

export const syncVolume = (context: KubeContext, volumeName: string): void => {
  const volume = context.store.get("persistentvolumes", { name: volumeName });
  if (volume?.spec.csi === undefined) return;
  const needed = nodesThatNeed(context, volumeName);
  const attachments = attachmentsOf(context, volumeName);
  for (const attachment of attachments) {
    if (!needed.includes(attachment.spec.nodeName)) detachLater(context, volumeName, attachment);
  }
  const [nodeName] = needed;
  if (nodeName !== undefined && attachments.length === 0) attach(context, volume, nodeName);
};

/** All that the pod needs is attached to its node. */
export const hasItsVolumes = (context: KubeContext, pod: Pod): boolean =>
  volumesOf(context, pod)
    .filter(({ spec }) => spec.csi !== undefined)
    .every(({ metadata }) =>
      attachmentsOf(context, metadata.name).some(
        ({ spec, status }) => spec.nodeName === pod.spec.nodeName && status?.attached === true,
      ),
    );
