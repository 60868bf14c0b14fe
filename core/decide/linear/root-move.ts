/** Says whether the original's own root volume can become its replacement's, and how far EC2's task is that does it. */
import type { InstanceFacts, VolumeFacts } from "../../model/instance.ts";
import type { Policy } from "../../policy/policy.ts";

/** Undefined for an instance whose root is not on EBS, which is refused before. */
export const rootVolumeOf = (instance: Pick<InstanceFacts, "volumes">): VolumeFacts | undefined =>
  instance.volumes.find(({ isRoot }) => isRoot);

type RootPolicy = Pick<Policy, "consistency" | "rootTransfer">;

/** The very volume goes over: it exists in one zone only. */
export const movesRootVolume = ({ consistency, rootTransfer }: RootPolicy): boolean =>
  consistency === "stop-and-image" && rootTransfer === "move-root-volume";

export type RootMoveJudgement =
  | { readonly kind: "MOVES"; readonly root: VolumeFacts }
  /** EC2 would refuse it: the root is carried by an image, as without this way. */
  | { readonly kind: "CANNOT_MOVE"; readonly sentence: string };

/**
 * What EC2 asks of the volume, as far as it can be known before the original's root is touched. Bare metal and products of
 * AWS Marketplace are refused earlier, and what boots from an image of this root boots from it.
 * Source: EC2 API reference, CreateReplaceRootVolumeTask, VolumeId.
 */
export const judgeRootMove = (input: {
  /** As it was when it was judged. */
  readonly original: InstanceFacts;
  readonly replacementZoneId: string;
  /** Of the root volume that the replacement has now. An account may encrypt each new volume. */
  readonly isReplacementEncrypted: boolean;
}): RootMoveJudgement => {
  const { original, replacementZoneId, isReplacementEncrypted } = input;
  const { instanceId, zoneId } = original;
  const root = rootVolumeOf(original);
  if (root === undefined) {
    return { kind: "CANNOT_MOVE", sentence: `${instanceId} has no root volume.` };
  }
  const { volumeId } = root;
  if (zoneId !== replacementZoneId) {
    const sentence = `The root volume ${volumeId} is in ${zoneId}, the replacement in ${replacementZoneId}.`;
    return { kind: "CANNOT_MOVE", sentence };
  }
  if (isReplacementEncrypted && !root.encrypted) {
    const sentence = `The root volume ${volumeId} is not encrypted, and that of the replacement is.`;
    return { kind: "CANNOT_MOVE", sentence };
  }
  return { kind: "MOVES", root };
};

/** OPEN: EC2 still works on it, and where the root is cannot be said. */
export type RootTaskStanding = "OPEN" | "SUCCEEDED" | "FAILED" | "FAILED_DETACHED";

const endings: Readonly<Record<string, RootTaskStanding>> = {
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  "failed-detached": "FAILED_DETACHED",
};

/**
 * @param state as EC2 spells it. One that we do not know is one of those on the way: the SDK's list lacks some. Source: EC2
 *   API reference, ReplaceRootVolumeTask.
 */
export const judgeRootTask = (state: string | undefined): RootTaskStanding =>
  (state === undefined ? undefined : endings[state]) ?? "OPEN";
