/** What is to be done about an image that is no longer needed? Asked right before it is deleted. */
import type { ImageUse } from "../../model/image-use.ts";
import type { Keeping } from "../switch/retirement.ts";

export type Expiry =
  | { readonly kind: "DEREGISTER"; readonly sentence: string }
  /** Of the image that is gone. */
  | {
      readonly kind: "DELETE_SNAPSHOTS";
      readonly snapshotIds: readonly string[];
      readonly sentence: string;
    }
  /** Nothing more to do, ever. */
  | { readonly kind: "GONE"; readonly sentence: string }
  /** Not now; asked again at a later run. */
  | { readonly kind: "POSTPONE"; readonly sentence: string };

/** The janitor asks each half hour: what three readings have not shown is gone, and not merely not shown. */
const goneAfterMs = 3_600_000;

export const judgeExpiry = (input: {
  readonly imageId: string;
  /** As EC2 spells it; undefined when EC2 does not show the image. */
  readonly state: string | undefined;
  /** Those of this image that EC2 shows. */
  readonly snapshotIds: readonly string[];
  /** ISO 8601 */
  readonly dueAt: string;
  readonly now: Date;
}): Expiry => {
  const { imageId, state, snapshotIds, dueAt, now } = input;
  if (state !== undefined && state !== "deregistered") {
    return { kind: "DEREGISTER", sentence: `${imageId} is ${state} and no longer needed.` };
  }
  if (snapshotIds.length > 0) {
    const sentence = `${imageId} is gone, and ${snapshotIds.join(", ")} of it is left.`;
    return { kind: "DELETE_SNAPSHOTS", snapshotIds, sentence };
  }
  return state === "deregistered" || now.getTime() - Date.parse(dueAt) > goneAfterMs
    ? { kind: "GONE", sentence: `${imageId} is gone with its snapshots.` }
    : { kind: "POSTPONE", sentence: `EC2 does not show ${imageId}.` };
};

/** A reason to keep an image that has expired; undefined: nobody but this switch has used it. */
export const judgeImageUse = (input: {
  readonly imageId: string;
  readonly use: ImageUse;
  /** Those that this switch launched from it: they need it no longer. */
  readonly launchedByUs: readonly string[];
}): Keeping | undefined => {
  const { imageId, use, launchedByUs } = input;
  if (use.sharedWith.length > 0) {
    return {
      kind: "KEPT",
      reason: "SHARED",
      sentence: `${imageId} or a snapshot of it is shared with ${use.sharedWith.join(", ")}. It is left to its owner.`,
    };
  }
  const users = [
    ...use.instanceIds.filter((instanceId) => !launchedByUs.includes(instanceId)),
    ...use.templateIds,
  ];
  return users.length === 0
    ? undefined
    : {
        kind: "KEPT",
        reason: "IN_USE",
        sentence: `${imageId} is used by ${users.join(", ")}. It is left to its owner.`,
      };
};
