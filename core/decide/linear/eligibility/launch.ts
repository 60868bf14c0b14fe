/** Rules about the launch of a clone: what it would refer to, what it could not be given, and what EC2 says beforehand. */
import { maxTags, tagsOnOriginal, tagsOnReplacement } from "../../../model/tags.ts";
import { isPrimaryInterface } from "../travelling-parts.ts";
import { keyRules } from "../../switch/key-rules.ts";
import { instanceKeyWords } from "../../switch/key-words.ts";
import { listed } from "../../switch/objection.ts";
import { lackOfSnapshots } from "../../switch/snapshot-room.ts";
import type { OriginalRule } from "./rule.ts";

const keyPairExists: OriginalRule = ({ instance: { instanceId, keyName = "" }, launch }) =>
  launch?.keyPairExists === false
    ? {
        code: "KEY_PAIR_MISSING",
        sentence: `Key pair ${keyName}, with which ${instanceId} was launched, no longer exists, and EC2 refuses a clone with it: import its public key under that name (aws ec2 import-key-pair --key-name ${keyName}).`,
      }
    : undefined;

const placementGroupExists: OriginalRule = ({ instance, launch }) => {
  const { instanceId, placementGroup } = instance;
  if (launch === undefined || placementGroup === undefined) return undefined;
  if (placementGroup.strategy !== undefined) return undefined;
  return {
    code: "PLACEMENT_GROUP_MISSING",
    sentence: `Placement group ${placementGroup.name} of ${instanceId} is not shown to this account, and EC2 refuses a clone in it: share the group with the account, or take the instance out of it.`,
  };
};

interface Tagged {
  readonly id: string;
  readonly tags: number;
}

/** What the original, and the parts from which its clone takes tags, would have in the end. */
const taggedParts: (facts: Parameters<OriginalRule>[0]) => readonly Tagged[] = ({ instance }) => [
  {
    id: instance.instanceId,
    tags: Math.max(tagsOnOriginal(instance.tags), tagsOnReplacement(instance.tags)),
  },
  ...instance.volumes
    .filter(({ isRoot }) => isRoot)
    .map(({ volumeId: id, tags }) => ({ id, tags: tagsOnReplacement(tags ?? {}) })),
  ...instance.networkInterfaces
    .filter(isPrimaryInterface)
    .map(({ networkInterfaceId: id, tags }) => ({ id, tags: tagsOnReplacement(tags ?? {}) })),
];

const hasRoomForOurTags: OriginalRule = (facts) => {
  if (facts.launch === undefined) return undefined;
  const over = taggedParts(facts).filter(({ tags }) => tags > maxTags);
  if (over.length === 0) return undefined;
  const parts = over.map(({ id, tags }) => `${id} would have ${String(tags)}`);
  return {
    code: "TOO_MANY_TAGS",
    sentence: `A resource takes ${String(maxTags)} tags, AWS's own aside, and with ours ${listed(parts)}: take tags away, for nobody can raise that limit.`,
  };
};

const hasRoomForSnapshots: OriginalRule = ({ instance, launch }) => {
  const sentence = lackOfSnapshots(launch?.snapshots, instance);
  return sentence === undefined ? undefined : { code: "TOO_MANY_SNAPSHOTS", sentence };
};

const losesNothing: OriginalRule = ({ instance: { instanceId, notCarried = [] } }) =>
  notCarried.length === 0
    ? undefined
    : {
        code: "NOT_CARRIED",
        sentence: `A clone of ${instanceId} would lack ${listed(notCarried.map(({ member, reason }) => `${member} (${reason})`))}: set it to its default if it is not needed, or keep the instance On-Demand.`,
      };

const ec2WouldLaunch: OriginalRule = ({ instance: { instanceId }, launch }) =>
  launch?.refusal === undefined
    ? undefined
    : {
        code: "LAUNCH_REFUSED",
        sentence: `EC2 would refuse to launch a clone of ${instanceId}: ${launch.refusal.code}, ${launch.refusal.message.replace(/\.$/, "")}. Mend what it names, and evaluate again.`,
      };

export const launchRules: readonly OriginalRule[] = [
  keyPairExists,
  placementGroupExists,
  ...keyRules(instanceKeyWords),
  hasRoomForOurTags,
  hasRoomForSnapshots,
  losesNothing,
  ec2WouldLaunch,
];
