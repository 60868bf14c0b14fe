/** Rules about disks: what the switch could lose, or could not carry. */
import { dataVolumes } from "../travelling-parts.ts";
import { listed, type OriginalFacts, type OriginalRule } from "./rule.ts";

const rootIsOnEbs: OriginalRule = ({ instance }) =>
  instance.rootDeviceType === "ebs"
    ? undefined
    : {
        code: "ROOT_ON_INSTANCE_STORE",
        sentence: `The root device of ${instance.instanceId} is ${instance.rootDeviceType}: it cannot be stopped, and its disk would be lost. Rebuild it from an EBS-backed image.`,
      };

/**
 * Nitro attaches a type's NVMe instance store to every instance, mapped or not, and nothing tells whether it is used.
 * Xen attaches only what is mapped. Source: EC2 user guide, "Add instance store volumes".
 */
const instanceStoreInUse = ({ instance, type }: OriginalFacts): string | undefined => {
  if (instance.instanceStoreDevices.length > 0) return listed(instance.instanceStoreDevices);
  if (type?.hypervisor === "nitro" && type.instanceStoreGb > 0) {
    return `${String(type.instanceStoreGb)} GB of ${instance.instanceType}`;
  }
  return undefined;
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
