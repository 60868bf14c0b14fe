/**
 * The original of a stateful load is stopped only while On-Demand capacity is held by which it can start again, and that is given up only once
 * it runs again or the switch is made. One exception: its owner has said otherwise. No group that we made is left at which nothing is pointed.
 */
import { retireAfterTag } from "../../../core/model/tags.ts";
import type { FaultCall } from "../../cloud/faults.ts";
import { instanceIdsIn, type BeforeCall, type Judged, type Promised } from "./promise.ts";

/** Not of an original that runs, nor of one that is retired, for the switch was made, nor of one that its owner has stopped. */
const isWayBackNeeded = async ({ instances, subject, intents }: BeforeCall): Promise<boolean> => {
  const original = instances.find(({ instanceId }) => instanceId === subject.originalId);
  if (original?.state === "running" || original?.tags[retireAfterTag] !== undefined) return false;
  return (await intents()).some(({ change }) => change.kind === "STOP_INSTANCE");
};

const brokenBy = async (
  { operation, input }: FaultCall,
  world: BeforeCall,
): Promise<string | undefined> => {
  const { subject, heldReturns, by } = world;
  if (operation === "StopInstances" && by === "linear-freeze-original") {
    return heldReturns.length > 0 || !instanceIdsIn(input).includes(subject.originalId)
      ? undefined
      : "the original was stopped, and no capacity is held for its way back";
  }
  if (operation !== "CancelCapacityReservation" || !(await isWayBackNeeded(world))) {
    return undefined;
  }
  const { CapacityReservationId: id } = input as { readonly CapacityReservationId?: string };
  return heldReturns.some((held) => held !== id)
    ? undefined
    : "the capacity for the way back was given up before the original ran";
};

/** An original that a roll-back has started is pointed at its group for good; of a switch the janitor deletes it. */
const groupsLeft = ({ lab, end, ending: { original } }: Judged): readonly string[] => {
  // A way back makes none; that of the switch before it is the janitor's.
  if (end !== "AS_IT_WAS" || lab.goesBack !== undefined) return [];
  const { platform, account } = lab;
  const { capacityChoice = {} } = original ?? {};
  return platform.resourceGroups
    .groups(account.accountId)
    .filter(({ arn }) => !("groupArn" in capacityChoice) || capacityChoice.groupArn !== arn)
    .map(({ name }) => `the group ${name} is left, and nothing is pointed at it`);
};

export const wayBackIsHeld: Promised = {
  ofCall: (call, world) => (world.subject.isReturnHeld ? brokenBy(call, world) : undefined),
  atEnd: groupsLeft,
};
