/**
 * May this original leave now? Asked of each right before, on a reading of that moment: somebody may have changed the group, the original may
 * protect itself, or the replacement may be about to go.
 */
import {
  isInService,
  isInterrupted,
  isLeavingGroup,
  isRunning,
  memberOf,
  type GroupFacts,
  type LiveGroup,
  type ReplacementSettings,
} from "../../model/group.ts";
import { lackOfTraffic, type GroupTraffic } from "../../model/group-traffic.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import { counted } from "../offers/figures.ts";
import { whyOwnerKeeps } from "../switch/group/owner-keeps.ts";
import { listed } from "../switch/objection.ts";
import { beyondDesired, removable, type Reckoning } from "./capacity.ts";
import { launchedSince, standInFor } from "./stand-in.ts";

export type RemovalJudgement =
  | { readonly kind: "REMOVE" }
  /** It can't be said yet, or not now; `until` where that is known. ISO 8601 */
  | { readonly kind: "WAIT"; readonly sentence: string; readonly until?: string }
  /** The owner wants what we added: both stay. */
  | { readonly kind: "ABSORBED"; readonly sentence: string }
  /** Somebody else took the original out, and asks for as many as there are: the replacement stands for it. */
  | { readonly kind: "VICTIM_GONE"; readonly sentence: string }
  /** This swap is undone; the others go on. */
  | { readonly kind: "UNDO"; readonly sentence: string };

/**
 * For how long AWS itself does not count a new member as warm, and for how long a target gets less than its share. Source: EC2 Auto Scaling
 * API reference, RefreshPreferences, InstanceWarmup: the default instance warm-up, else the health check grace period; ELB user guide,
 * "Slow start mode".
 */
export const warmUpSeconds = (
  settings: Pick<ReplacementSettings, "defaultInstanceWarmupSeconds" | "healthCheckGraceSeconds">,
  { targetGroups }: Pick<GroupTraffic, "targetGroups">,
): number =>
  Math.max(
    settings.defaultInstanceWarmupSeconds ?? settings.healthCheckGraceSeconds,
    ...targetGroups.map(({ slowStartSeconds }) => slowStartSeconds),
  );

export interface RemovalInput {
  readonly originalId: string;
  readonly replacementId: string;
  /** When the replacement was first seen in service and healthy everywhere. ISO 8601 */
  readonly joinedAt: string;
  readonly group: LiveGroup & Pick<GroupFacts, "zones">;
  readonly settings: ReplacementSettings;
  readonly reckoning: Reckoning;
  /** Of this evaluation. */
  readonly intents: readonly Intent[];
  /** EC2 takes the original back: nothing is gained by its staying. Default: false. */
  readonly isRecovery?: boolean;
  /** ISO 8601 */
  readonly now: string;
}

type Answer = RemovalJudgement | undefined;

const attachOf = ({
  intents,
  replacementId,
}: Pick<RemovalInput, "intents" | "replacementId">): Intent | undefined =>
  intents.find((intent) =>
    changesOf([intent], "ATTACH_MEMBERS").some(({ instanceIds }) =>
      instanceIds.includes(replacementId),
    ),
  );

const hasLeft = (group: LiveGroup, instanceId: string): boolean => {
  const member = memberOf(group, instanceId);
  return member === undefined || isLeavingGroup(member);
};

/**
 * Who is to leave, now that the replacement is there: the original, and where EC2 was faster whom the group has launched in its place since. That one is
 * mostly On-Demand, and one more than is asked for. Undefined: it is not in service yet.
 */
export const whoIsToLeave = (
  input: Pick<RemovalInput, "group" | "intents" | "originalId" | "replacementId" | "isRecovery">,
): string | undefined => {
  const { group, intents, originalId, isRecovery = false } = input;
  if (!isRecovery || !hasLeft(group, originalId)) return originalId;
  const since = attachOf(input)?.plannedAt;
  return since === undefined ? originalId : launchedSince(group, { intents, since })[0]?.instanceId;
};

const judgeOriginal = ({
  group,
  originalId,
  replacementId,
  reckoning,
  isRecovery = false,
}: RemovalInput): Answer => {
  const original = memberOf(group, originalId);
  if (original === undefined || isLeavingGroup(original)) {
    const sentence = `Original ${originalId} ${original === undefined ? "is not a member any longer" : `is ${original.lifecycleState}`}, and we did not remove it.`;
    if (isRecovery && reckoning.surplus > 0) {
      return {
        kind: "WAIT",
        sentence: `${sentence} The group launches another in its place, which is to leave, for ${replacementId} has taken it.`,
      };
    }
    // It left before the attach, or the group launches another for it: with the replacement there is one more than is asked for.
    return reckoning.surplus > 0
      ? {
          kind: "UNDO",
          sentence: `${sentence} Group's owner asks for ${String(reckoning.ledger.asked)}, without replacement ${replacementId}.`,
        }
      : { kind: "VICTIM_GONE", sentence };
  }
  const kept = whyOwnerKeeps(group, originalId);
  if (kept !== undefined) return { kind: "UNDO", sentence: kept };
  return original.lifecycleState === "InService"
    ? undefined
    : { kind: "WAIT", sentence: `Original ${originalId} is ${original.lifecycleState}.` };
};

/** What proves a member there was not looked at when the group was judged. What EC2 takes back goes all the same. */
const judgeSources = ({ group, replacementId, isRecovery = false }: RemovalInput): Answer => {
  const { unreadable } = group.traffic;
  return unreadable.length === 0 || isRecovery
    ? undefined
    : {
        kind: "UNDO",
        sentence: `The group gets traffic from ${listed(unreadable)} since it was judged, and nothing proves replacement ${replacementId} there: the next evaluation asks that, too.`,
      };
};

const judgeReplacement = ({ group, replacementId }: RemovalInput): Answer => {
  const replacement = memberOf(group, replacementId);
  if (replacement === undefined || isLeavingGroup(replacement)) {
    return { kind: "UNDO", sentence: `Replacement ${replacementId} has left the group.` };
  }
  if (isInterrupted(replacement)) {
    return { kind: "UNDO", sentence: `EC2 takes replacement ${replacementId} back.` };
  }
  if (!isRunning(replacement)) {
    return {
      kind: "UNDO",
      sentence: `EC2 shows replacement ${replacementId} as ${replacement.instance?.state ?? "unknown"}.`,
    };
  }
  if (!isInService(replacement)) {
    return {
      kind: "WAIT",
      sentence: `Replacement ${replacementId} is ${replacement.lifecycleState}, ${replacement.healthStatus}.`,
    };
  }
  const lack = lackOfTraffic(group.traffic, replacementId);
  return lack === undefined
    ? undefined
    : { kind: "WAIT", sentence: `Replacement ${replacementId} ${lack}.` };
};

const judgeAbsorption = ({ reckoning, originalId }: RemovalInput): Answer =>
  reckoning.surplus > 0
    ? undefined
    : {
        kind: "ABSORBED",
        sentence: `Somebody set the desired capacity to ${String(reckoning.ledger.asked)} while our surplus stood: it is theirs now, and original ${originalId} stays.`,
      };

const judgeWarmUp = (input: RemovalInput): Answer => {
  const { joinedAt, settings, group, now, replacementId } = input;
  if (input.isRecovery === true) return undefined;
  const seconds = warmUpSeconds(settings, group.traffic);
  const until = new Date(Date.parse(joinedAt) + seconds * 1000).toISOString();
  return Date.parse(now) >= Date.parse(until)
    ? undefined
    : {
        kind: "WAIT",
        sentence: `Replacement ${replacementId} warms up until ${until} (${String(seconds)} s).`,
        until,
      };
};

const judgeCapacity = ({ group, reckoning, originalId }: RemovalInput): Answer => {
  if (removable({ pairs: 1, reckoning, group, originalId }) > 0) return undefined;
  const beyond = beyondDesired(group);
  const isChanging =
    beyond === 0
      ? ""
      : ` The group has ${counted(beyond, "member")} more than the ${String(group.desiredCapacity)} that it is to have, and takes as many away by itself.`;
  return {
    kind: "WAIT",
    sentence: `Without original ${originalId} fewer would serve than the ${String(reckoning.ledger.asked)} that are asked for, or than the group's minimum of ${String(group.minSize)}.${isChanging}`,
  };
};

/** The pair is undone by that one: its replacement stays. */
const judgeBalance = (input: RemovalInput): Answer => {
  const { group, intents, originalId } = input;
  const attach = attachOf(input);
  const standIn = attach && standInFor(originalId, group, { intents, since: attach.plannedAt });
  return standIn === undefined
    ? undefined
    : {
        kind: "UNDO",
        sentence: `Original ${originalId} stays: without it the zones would differ by more members than one, and without ${standIn.instanceId}, which the group has launched in ${standIn.zoneName} meanwhile, they do not.`,
      };
};

/** In this order: what somebody else did to the two outweighs how the group stands. */
export const judgeRemoval = (input: RemovalInput): RemovalJudgement =>
  judgeOriginal(input) ??
  judgeAbsorption(input) ??
  judgeSources(input) ??
  judgeReplacement(input) ??
  judgeWarmUp(input) ??
  judgeCapacity(input) ??
  judgeBalance(input) ?? { kind: "REMOVE" };
