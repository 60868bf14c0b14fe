/** Rules about disks: what the switch could lose, or could not carry. */
import { dataVolumes } from "../travelling-parts.ts";
import { listed } from "../../switch/objection.ts";
import type { OriginalFacts, OriginalRule } from "./rule.ts";

const rootIsOnEbs: OriginalRule = ({ instance }) =>
  instance.rootDeviceType === "ebs"
    ? undefined
    : {
        code: "ROOT_ON_INSTANCE_STORE",
        sentence: `The root device of ${instance.instanceId} is ${instance.rootDeviceType}: it cannot be stopped, and its disk would be lost. Rebuild it from an EBS-backed image.`,
      };

/**
 * The type alone tells. NVMe disks are attached to every instance, mapped or not; others where the launch maps them, which EC2
 * shows nowhere; and what an image maps beyond the type's disks is ignored, as Canonical's images do on most types. Sources: EC2
 * API reference, BlockDeviceMapping, VirtualName; EC2 user guide, "Add instance store volumes".
 */
const instanceStoreInUse = ({ instance, type }: OriginalFacts): string | undefined => {
  const { instanceStoreDevices: mapped, instanceType } = instance;
  const gb = type?.instanceStoreGb ?? 0;
  const ofType = gb > 0 ? `${String(gb)} GB of ${instanceType}` : undefined;
  if (mapped === undefined) return ofType;
  // An older record: its verdict rests on what the image maps.
  if (mapped.length > 0) return listed(mapped);
  return type?.hypervisor === "nitro" ? ofType : undefined;
};

const usesNoInstanceStore: OriginalRule = (facts) => {
  const found = instanceStoreInUse(facts);
  if (found === undefined) return undefined;
  return {
    code: "INSTANCE_STORE_IN_USE",
    sentence: `Instance ${facts.instance.instanceId} has instance store (${found}), whose contents no switch can carry: move it to a type without.`,
  };
};

const sharesNoVolume: OriginalRule = ({ instance }) => {
  const shared = instance.volumes.filter((volume) => volume.multiAttach);
  if (shared.length === 0) return undefined;
  return {
    code: "MULTI_ATTACH_VOLUME",
    sentence: `Volume ${listed(shared.map((volume) => volume.volumeId))} of ${instance.instanceId} has Multi-Attach: other instances may write to it during a move. Detach it, or replace it by a volume of its own.`,
  };
};

const carriesNothingIfStateless: OriginalRule = ({ instance, policy }) => {
  const volumes = policy.consistency === "stateless" ? dataVolumes(instance) : [];
  if (volumes.length === 0) return undefined;
  const names = volumes.map((volume) => `${volume.volumeId} on ${volume.deviceName}`);
  return {
    code: "DATA_VOLUMES_WITH_STATELESS",
    sentence: `Instance ${instance.instanceId} has data volumes (${listed(names)}), and consistency "stateless" carries nothing: choose "stop-and-image" or "move-volumes".`,
  };
};

const hasImageIfStateless: OriginalRule = ({ instance, policy }) =>
  policy.consistency !== "stateless" || instance.imageExists
    ? undefined
    : {
        code: "NO_IMAGE_FOR_STATELESS",
        sentence: `Image ${instance.imageId} of ${instance.instanceId} no longer exists, and consistency "stateless" launches from it: choose "stop-and-image".`,
      };

export const storageRules: readonly OriginalRule[] = [
  rootIsOnEbs,
  usesNoInstanceStore,
  sharesNoVolume,
  carriesNothingIfStateless,
  hasImageIfStateless,
];
