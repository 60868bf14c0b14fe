/**
 * Says whether the replacement of a stateful load has had clients, and what follows: while it is healthy it holds the newer
 * writes, and nothing is undone.
 */
import { hasEnded } from "../../../model/instance.ts";
import { changesOf, type ChangeOf, type Intent } from "../../../model/intent.ts";
import type { HealthJudgement } from "../../switch/health.ts";
import { earliest, trafficMoves, type TrafficChange } from "../served.ts";
import { showsWithinMs } from "../../../model/spot-status.ts";
import { groupOf, isOurInterface } from "./addresses.ts";
import { interfaceOf, isOurs, wait } from "./return.ts";
import type { RollbackInput, RollbackPlan } from "./world.ts";

const isReplacementLeft = ({ replacements }: RollbackInput): boolean =>
  replacements.some(({ state }) => !hasEnded(state));

const hasInterface = (input: RollbackInput, change: ChangeOf<"MOVE_INTERFACE">): boolean => {
  const holder = interfaceOf(input, change.networkInterfaceId)?.attachedTo;
  return (
    holder !== undefined &&
    holder !== input.originalId &&
    isOurs(input, holder, change.toInstanceId)
  );
};

const hasPrivateIps = (
  input: RollbackInput,
  { fromInterfaceId, toInterfaceId, privateIps }: ChangeOf<"MOVE_PRIVATE_IPS">,
): boolean => {
  const from = interfaceOf(input, fromInterfaceId);
  const away = privateIps.filter((ip) => from?.privateIps.includes(ip) === false);
  return away.some((ip) => {
    const holder = input.interfaces.find(({ privateIps: held }) => held.includes(ip));
    return holder === undefined
      ? !isReplacementLeft(input)
      : isOurInterface(input, holder.networkInterfaceId, toInterfaceId);
  });
};

const isMemberOf = (input: RollbackInput, change: ChangeOf<"MOVE_TARGET_GROUP">): boolean =>
  (groupOf(input, change)?.instanceIds ?? []).some(
    (id) => id !== input.originalId && isOurs(input, id, change.toInstanceId),
  );

const hasAddress = (
  input: RollbackInput,
  { allocationId, toInterfaceId }: ChangeOf<"MOVE_ADDRESS">,
): boolean => {
  const found = input.addresses.find((address) => address.allocationId === allocationId);
  if (found === undefined) return false;
  return found.networkInterfaceId === undefined
    ? !isReplacementLeft(input)
    : isOurInterface(input, found.networkInterfaceId, toInterfaceId);
};

/**
 * Does the world show that it was brought there, though no intent notes it? Addresses leave the original in no other way;
 * an interface also hangs on nothing between the two.
 */
const hasReached = (input: RollbackInput, change: TrafficChange): boolean => {
  switch (change.kind) {
    case "MOVE_INTERFACE":
      return hasInterface(input, change);
    case "MOVE_PRIVATE_IPS":
      return hasPrivateIps(input, change);
    case "MOVE_TARGET_GROUP":
      return isMemberOf(input, change);
    case "MOVE_ADDRESS":
      return hasAddress(input, change);
  }
};

/** Since when the replacement may hold writes that the original lacks; undefined: it holds none. */
export const servedSince = (input: RollbackInput): string | undefined =>
  earliest([
    ...(input.servedFrom === undefined ? [] : [input.servedFrom]),
    ...changesOf(input.intents, "KEEP_WRITES").map(({ since }) => since),
    ...trafficMoves(input.intents).flatMap(({ change, plannedAt }) => {
      if (change.reachedAt !== undefined) return [change.reachedAt];
      return hasReached(input, change) ? [plannedAt] : [];
    }),
  ]);

/** It was a Spot Instance, and our call to end it was made, or may have been. */
export const isOriginalGivenUp = (intents: readonly Intent[]): boolean =>
  intents.some(({ change, status }) => change.kind === "END_ORIGINAL" && status !== "UNDONE");

/** It has ended, or is about to, by our own call: nothing can return to it. */
const hasNoWayBack = ({ original, intents }: RollbackInput): boolean =>
  isOriginalGivenUp(intents) && (original === undefined || hasEnded(original.state));

/** A stateless load can, as long as its original is there. */
const canReturn = (input: RollbackInput): boolean =>
  input.isStateless === true && input.isRecovery !== true && !hasNoWayBack(input);

/** EC2's checks, and what the load balancers say that send it traffic. */
const healthOf = (
  { targetGroups }: RollbackInput,
  { instanceId, health }: NonNullable<RollbackInput["serving"]>,
): HealthJudgement => {
  if (health.kind === "LOST" || health.kind === "FAILED") return health;
  const failing = targetGroups.find(({ failingInstanceIds = [] }) =>
    failingInstanceIds.includes(instanceId),
  );
  if (failing !== undefined) {
    return { kind: "FAILED", sentence: `${instanceId} fails the checks of ${failing.arn}.` };
  }
  const open = targetGroups.find(
    ({ instanceIds, readyInstanceIds }) =>
      instanceIds.includes(instanceId) && readyInstanceIds?.includes(instanceId) === false,
  );
  return health.kind === "HEALTHY" && open !== undefined
    ? { kind: "WAITING", sentence: `${instanceId} is not healthy in ${open.arn} yet.` }
    : health;
};

const heldSentence = (
  { originalId, original }: RollbackInput,
  instanceId: string,
  since: string,
): string =>
  `The replacement ${instanceId} is healthy and has served since ${since}: it holds the newer writes, so nothing was ` +
  `undone or deleted. The original ${originalId} is ${original?.state ?? "not shown"}. Next: resume the evaluation once what stopped it is mended, ` +
  `or decide which of the two serves; see "REPLACEMENT_SERVES" in the runbook.`;

/** What brought us here may be that it has ended: EC2 may still show it as it was. */
export const hasStayedWell = ({ now, askedSince }: RollbackInput): boolean =>
  Date.parse(now) - Date.parse(askedSince) >= showsWithinMs;

/**
 * A person decides while a healthy replacement holds the newer writes; not knowing how it is, is waited for. Undefined: the
 * roll-back may go on.
 */
export const planHeld = (input: RollbackInput): RollbackPlan | undefined => {
  const { serving } = input;
  if (canReturn(input) || serving === undefined) return undefined;
  const since = servedSince(input);
  if (since === undefined) return undefined;
  const health = healthOf(input, serving);
  switch (health.kind) {
    case "HEALTHY": {
      if (!hasStayedWell(input)) {
        const sentence = `The replacement ${serving.instanceId} is well, as EC2 shows it: it is looked at again before that is said.`;
        return { ...wait(sentence, ["serving", "targetGroups"]), isTimed: true };
      }
      return {
        kind: "NEEDS_OPERATOR",
        isHeld: true,
        sentence: heldSentence(input, serving.instanceId, since),
      };
    }
    case "WAITING": {
      const sentence = `Whether the replacement is well is not known: ${health.sentence}`;
      return wait(sentence, ["serving", "targetGroups"], "MINUTES");
    }
    case "LOST":
    case "FAILED":
      return undefined;
  }
};
