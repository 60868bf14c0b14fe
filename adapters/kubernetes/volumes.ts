/** Volumes of a cluster: what they are, where they can be mounted and are attached, and how many a node takes. */
import type {
  V1CSINode,
  V1PersistentVolume,
  V1VolumeAttachment,
} from "@kubernetes/client-node/dist/gen/index.js";
import type {
  CsiNodeFacts,
  PersistentVolumeFacts,
  VolumeAttachmentFacts,
} from "../../core/model/kubernetes/node.ts";
import { withoutUndefined } from "../aws/without-undefined.ts";
import type { KubernetesClient } from "./client.ts";
import { readList } from "./lists.ts";
import { identityOf, termOf, told } from "./objects.ts";

/** Its claim was deleted: what it names may be another one of that name. Source: Kubernetes documentation, "Persistent Volumes", phases. */
const released: readonly string[] = ["Released", "Failed"];

const claimOf = ({ spec, status }: V1PersistentVolume): PersistentVolumeFacts["claim"] => {
  if (released.includes(status?.phase ?? "")) return undefined;
  const [namespace, name] = [spec?.claimRef?.namespace, spec?.claimRef?.name];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
};

/** Volumes of EBS from before its CSI driver are that driver's since Kubernetes 1.25. Source: Kubernetes documentation, "Volumes", awsElasticBlockStore CSI migration. */
const driverOf = ({ spec }: V1PersistentVolume): string | undefined =>
  spec?.csi?.driver ?? (spec?.awsElasticBlockStore === undefined ? undefined : "ebs.csi.aws.com");

const volumeFacts = (volume: V1PersistentVolume): PersistentVolumeFacts => {
  const { metadata, spec } = volume;
  return withoutUndefined({
    name: identityOf(metadata, "a persistent volume").name,
    driver: driverOf(volume),
    claim: claimOf(volume),
    isOnNode: spec?.local !== undefined || spec?.hostPath !== undefined,
    nodeSelectorTerms: (spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).map(termOf),
  });
};

export const listVolumes = async (
  client: KubernetesClient,
): Promise<readonly PersistentVolumeFacts[]> => {
  const volumes = await readList(client, { action: "ListPersistentVolumes" }, (page) =>
    client.core.listPersistentVolume(page),
  );
  return volumes.map(volumeFacts);
};

const attachmentFacts = ({ metadata, spec, status }: V1VolumeAttachment): VolumeAttachmentFacts =>
  withoutUndefined({
    name: identityOf(metadata, "a volume attachment").name,
    nodeName: spec.nodeName,
    attacher: spec.attacher,
    persistentVolumeName: spec.source.persistentVolumeName,
    // Without a status nobody says that it is not.
    isAttached: status?.attached ?? true,
  });

/** Of one node. The API can't select by it: all are read. */
export const listAttachmentsOfNode = async (
  client: KubernetesClient,
  nodeName: string,
): Promise<readonly VolumeAttachmentFacts[]> => {
  const about = { action: "ListVolumeAttachments", resource: nodeName };
  const attachments = await readList(client, about, (page) =>
    client.storage.listVolumeAttachment(page),
  );
  return attachments.map(attachmentFacts).filter((each) => each.nodeName === nodeName);
};

const csiNodeFacts = ({ metadata, spec }: V1CSINode): CsiNodeFacts => ({
  nodeName: told(metadata?.name, "the name of a CSINode"),
  drivers: spec.drivers.map(({ name, allocatable }) =>
    withoutUndefined({ name, count: allocatable?.count }),
  ),
});

export const listCsiNodes = async (client: KubernetesClient): Promise<readonly CsiNodeFacts[]> => {
  const nodes = await readList(client, { action: "ListCsiNodes" }, (page) =>
    client.storage.listCSINode(page),
  );
  return nodes.map(csiNodeFacts);
};
