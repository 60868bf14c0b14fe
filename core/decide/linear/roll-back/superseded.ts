/**
 * Plans the roll-back of an evaluation after which another one was begun at the original: the original, its parts and its tags
 * are that one's now. Only what carries the older evaluation's own tag is touched, and only what holds nothing of the original.
 */
import { hasEnded } from "../../../model/instance.ts";
import type { IntentChange } from "../../../model/intent.ts";
import { planOwnCapacityEnd } from "./capacity.ts";
import { planImages, planRootRelease, terminate } from "./ending.ts";
import { planIsolationEnd } from "./isolation.ts";
import { planGiveBack } from "./kept-original.ts";
import { planLeft, planLook, planSnapshots } from "./left.ts";
import { planForUnseenImage, planForUnseenLaunch } from "./unseen.ts";
import type { FoundInstance, RollbackInput, RollbackPlan } from "./world.ts";

/** What a move would have given to a replacement. */
const movedBy = (change: IntentChange): readonly string[] => {
  switch (change.kind) {
    case "MOVE_VOLUME":
      return [change.volumeId];
    case "MOVE_INTERFACE":
      return [change.networkInterfaceId];
    case "MOVE_PRIVATE_IPS":
      return change.privateIps;
    case "MOVE_ADDRESS":
      return [change.allocationId];
    // The very root of the Spot Instance that went back.
    case "REPLACE_ROOT":
      return change.volumeId === undefined ? [] : [change.volumeId];
    default:
      return [];
  }
};

const heldBy = (
  { intents, targetGroups }: RollbackInput,
  { instanceId, volumes, networkInterfaces }: FoundInstance,
): readonly string[] => {
  const shown = [
    ...volumes.map(({ volumeId }) => volumeId),
    ...networkInterfaces.flatMap(({ networkInterfaceId, privateAddresses }) => [
      networkInterfaceId,
      ...privateAddresses.flatMap(({ privateIp, allocationId = "" }) => [privateIp, allocationId]),
    ]),
  ];
  const moved = new Set(intents.flatMap(({ change }) => movedBy(change)));
  const groups = targetGroups.filter(
    ({ instanceIds, drainingInstanceIds = [] }) =>
      instanceIds.includes(instanceId) || drainingInstanceIds.includes(instanceId),
  );
  return [...shown.filter((id) => moved.has(id)), ...groups.map(({ arn }) => arn)];
};

/** The root of a stateful one is left where it was told to outlive it: clients may have written there. */
const planEnd = (input: RollbackInput, own: FoundInstance): RollbackPlan =>
  (input.isStateless === true ? planRootRelease(input, own) : undefined) ?? terminate(input, own);

/** All but what was launched. */
export const planRemains = (input: RollbackInput): RollbackPlan | undefined =>
  planForUnseenLaunch(input) ??
  planOwnCapacityEnd(input) ??
  planIsolationEnd(input) ??
  planImages(input) ??
  planLook(input) ??
  planSnapshots(input) ??
  planForUnseenImage(input) ??
  planLeft(input);

/** @param supersededBy id of the evaluation that was begun since */
export const planSuperseded = (input: RollbackInput, supersededBy: string): RollbackPlan => {
  const own = input.replacements.find(
    ({ isTagged = false, state }) => isTagged && !hasEnded(state),
  );
  if (own !== undefined) {
    const held = heldBy(input, own);
    return held.length === 0
      ? planEnd(input, own)
      : {
          kind: "NEEDS_OPERATOR",
          sentence:
            `${own.instanceId} still holds ${held.join(", ")}, and evaluation ${supersededBy} was begun at ` +
            `${input.originalId} since: nothing was touched. ` +
            `Next: move that to where it belongs, or adopt the instance that serves.`,
        };
  }
  return planGiveBack(input) ?? planRemains(input) ?? { kind: "DONE" };
};
