/** The facts on one instance from the lists of its place, and what these leave open. */
import type { InstanceLook } from "../../model/close-look.ts";
import type { LinearFacts } from "../../model/evaluation.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import { instanceIn, type BulkInstance, type UnreadOfInstance } from "../../model/place-reading.ts";
import type { UncheckedCode } from "../../model/verdict.ts";
import { documentsOf, type Policy } from "../../policy/policy.ts";
import { whereaboutsOfOriginal } from "../linear/original.ts";
import { fallbackIn } from "../switch/registration.ts";
import type { Side } from "./side.ts";

/** What stands in the facts where no list says it. Each speaks for a switch, so that what rests on it must be told. */
const neutral: Pick<InstanceFacts, "disableApiTermination" | "disableApiStop" | "targetGroups"> = {
  disableApiTermination: false,
  disableApiStop: false,
  targetGroups: [],
};

/** The reasons that rest on a member that was not read. */
const restingOn: Readonly<Record<UnreadOfInstance, readonly UncheckedCode[]>> = {
  disableApiTermination: ["TERMINATION_PROTECTED"],
  disableApiStop: ["STOP_PROTECTED"],
  directoryDomain: ["DOMAIN_JOINED"],
  targetGroups: ["ZONE_WITHOUT_LOAD_BALANCER", "NOT_ENROLLED"],
  classicLoadBalancers: ["IN_CLASSIC_LOAD_BALANCER"],
};
const unreadMembers = Object.keys(restingOn) as readonly UnreadOfInstance[];

/** Only the agent of a Windows guest reports a directory. */
const mayHave = (member: UnreadOfInstance, { platformDetails }: BulkInstance): boolean =>
  member !== "directoryDomain" || platformDetails.startsWith("Windows");

/** Whether a clone can be launched at all. */
const launchCodes = ({ keyName, placementGroup }: BulkInstance): readonly UncheckedCode[] => [
  ...(keyName === undefined ? [] : (["KEY_PAIR_MISSING"] as const)),
  ...(placementGroup === undefined ? [] : (["PLACEMENT_GROUP_MISSING"] as const)),
  "KEY_UNUSABLE",
  "KEY_CLOSED_TO_SPOT",
  "KEY_CLOSED_TO_ROLE",
  "TOO_MANY_TAGS",
  "TOO_MANY_SNAPSHOTS",
  "LAUNCH_REFUSED",
];

const commandCodes = (policy: Policy): readonly UncheckedCode[] =>
  documentsOf(policy).length === 0 ? [] : ["NOT_MANAGED_BY_SSM", "DOCUMENT_UNFIT"];

const uncheckedOf = (instance: BulkInstance, policy: Policy): readonly UncheckedCode[] => [
  ...unreadMembers
    .filter((member) => mayHave(member, instance))
    .flatMap((member) => restingOn[member]),
  ...commandCodes(policy),
  ...launchCodes(instance),
];

/** It was not stopped, started or ended since. */
const holdsFor = (
  look: InstanceLook | undefined,
  { launchedAt, state }: BulkInstance,
): look is InstanceLook => look?.launchedAt === launchedAt && look.state === state;

const lookedAt = (
  instance: BulkInstance,
  { instance: own, unenrolled, launch, commands }: InstanceLook,
): Pick<LinearFacts, "instance" | "launch" | "commands"> => ({
  instance: { ...instance, ...own, unenrolled: [...(instance.unenrolled ?? []), ...unenrolled] },
  launch,
  ...(commands !== undefined && { commands }),
});

export const factsOfInstance: Side<"LINEAR"> = (input) => {
  const { reading, target, policy, closeLook, placedBy, backoff, known } = input;
  const unreadable = reading.unreadable.find(({ id }) => id === target.instanceId);
  if (unreadable !== undefined) return { kind: "NOT_READ", failure: unreadable.failure };
  const found = instanceIn(reading, target.instanceId);
  if (found === undefined) return { kind: "READ", facts: known, unchecked: [] };
  const originalType = input.typeNamed(found.instanceType);
  const isLookedAt = holdsFor(closeLook, found);
  const facts = {
    ...known,
    ...(backoff !== undefined && { backoff }),
    // What stands on Spot already by one of its switches may move.
    ...(placedBy !== undefined && { kind: "MOVE" as const, placedBy, ...fallbackIn(input) }),
    ...(originalType !== undefined && { originalType }),
    ...(isLookedAt ? lookedAt(found, closeLook) : { instance: { ...found, ...neutral } }),
  };
  return {
    kind: "READ",
    facts,
    unchecked: isLookedAt ? [] : uncheckedOf(found, policy),
    whereabouts: whereaboutsOfOriginal(facts),
  };
};
