/**
 * Plans what comes last, once replacements and images are ended: looks at all that carries our tags. Snapshots of our images
 * are deleted, what goes with an instance is waited for, and what stays is named and not touched.
 */
import type { LeftThing } from "../../../model/left-thing.ts";
import { changesOf } from "../../../model/intent.ts";
import { isOurSnapshot } from "./claims.ts";
import { wait } from "./return.ts";
import { hasBeenAsked } from "../../switch/launches.ts";
import type { FoundThing, RollbackInput, RollbackPlan } from "./world.ts";

/** What an instance takes along goes when it is terminated; before that there is nothing to look for. */
const planEnd = ({ replacements }: RollbackInput): RollbackPlan | undefined => {
  const next = replacements.find(({ state }) => state === "shutting-down");
  return next === undefined
    ? undefined
    : wait(`The replacement ${next.instanceId} is shutting down.`, ["replacements"], "MINUTES");
};

/** Undefined once that was looked at. */
export const planLook = (input: RollbackInput): RollbackPlan | undefined =>
  input.tagged === undefined ? (planEnd(input) ?? { kind: "LOOK", at: ["tagged"] }) : undefined;

/** Those of an image that is still there go with it. */
export const planSnapshots = ({
  intents,
  images,
  tagged = [],
}: RollbackInput): RollbackPlan | undefined => {
  const standing = images.flatMap(({ imageId, snapshotIds }) => [imageId, ...snapshotIds]);
  const next = tagged.find(
    (thing) =>
      isOurSnapshot(intents, thing) &&
      !standing.includes(thing.id) &&
      !standing.includes(thing.imageId ?? ""),
  );
  if (next === undefined) return undefined;
  const { id: snapshotId } = next;
  return {
    kind: "ACT",
    action: { kind: "DELETE_SNAPSHOT", id: `DELETE_SNAPSHOT ${snapshotId}`, snapshotId },
  };
};

/** EC2 ends these itself, some time after the instance that they belong to, or shows their end a moment later. */
const endingSoon: ReadonlySet<string> = new Set([
  "volume",
  "network-interface",
  "spot-instances-request",
  "capacity-reservation",
  "security-group",
]);

const nameOf = ({ kind, id, state }: LeftThing): LeftThing => ({ kind, id, state });

/** Undefined while nothing carries our tags. */
export const planLeft = (input: RollbackInput): RollbackPlan | undefined => {
  const { intents, replacements, tagged = [] } = input;
  if (tagged.length === 0) return undefined;
  const ends = intents.flatMap(({ undoneAt }) => undoneAt ?? []);
  const isOfReplacement = ({ instanceId }: FoundThing): boolean =>
    instanceId === undefined || replacements.some((found) => found.instanceId === instanceId);
  // It was told to outlive the replacement.
  const isKept = ({ id }: FoundThing): boolean =>
    [...changesOf(intents, "KEEP_ROOT"), ...changesOf(intents, "KEEP_WRITES")].some(
      ({ volumeId }) => volumeId === id,
    );
  const isEnding = (thing: FoundThing): boolean =>
    !isKept(thing) &&
    endingSoon.has(thing.kind) &&
    isOfReplacement(thing) &&
    !hasBeenAsked(input, ...ends);
  const going = tagged.find(isEnding);
  if (going !== undefined) {
    return wait(`The ${going.kind} ${going.id} is ${going.state}.`, ["tagged"]);
  }
  return { kind: "DONE", left: tagged.map(nameOf) };
};
