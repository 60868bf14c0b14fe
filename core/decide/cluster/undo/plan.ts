/**
 * Plans the undo of a conversion, and the restore after each batch, which is the same: pairs that were not finished are undone, each by itself, and the
 * group gets back what we changed of it. Works from the intents and from the group as it is, from every state.
 */
import { hasEnded } from "../../../model/instance.ts";
import type { SettingKind } from "../../../model/intents/group.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import { refusalOf } from "../../switch/undo-plan.ts";
import { unseenLaunch } from "../../switch/launches.ts";
import type { PairUndo } from "./pair.ts";
import { intentsOfOpenPairs, openPairs, undoPair } from "./pairs.ts";
import { planRemovals } from "./removals.ts";
import { planClaim, planDueProtections, planJoining, settingPlanners } from "./settings.ts";
import type { ClusterUndoPlan, UndoInput } from "./world.ts";

/**
 * Not visible is not absent: a group that is deleted ends its members, so that one of which EC2 shows a running member is there still. Nothing is ended, and
 * nothing of it taken for gone.
 */
const planUnshown = ({ group, replacements, asgName }: UndoInput): ClusterUndoPlan | undefined => {
  if (group !== undefined) return undefined;
  const member = replacements.find((found) => found.asgName === asgName && !hasEnded(found.state));
  return (
    member && {
      kind: "WAIT",
      sentence: `Auto Scaling does not show group ${asgName}, and EC2 shows ${member.instanceId} as its member.`,
      on: ["group", "replacements"],
      takes: "MINUTES",
    }
  );
};

/** What was launched for a pair that has come to its end is the group's, or gone. */
const planUnseen = (input: UndoInput): ClusterUndoPlan | undefined => {
  const intents = intentsOfOpenPairs(input.intents);
  const sentence = unseenLaunch({ ...input, intents, found: input.replacements });
  return sentence === undefined
    ? undefined
    : { kind: "WAIT", sentence, on: ["replacements"], takes: "MINUTES" };
};

/** Actions of any pair come before waits for any: one that drains does not hold up the others. */
const planPairs = (input: UndoInput): ClusterUndoPlan | undefined => {
  const next = openPairs(input.intents).map((pair) => undoPair(input, pair));
  const isRefused = (one: PairUndo): boolean =>
    one.kind === "ACT" && refusalOf(input.refused, one.action) !== undefined;
  const action = next.find((one) => one.kind === "ACT" && !isRefused(one));
  if (action?.kind === "ACT") return action;
  const waits = next.filter((one) => one.kind === "WAIT");
  const [first] = waits;
  if (first === undefined) return undefined;
  const isQuick = waits.some(({ takes }) => takes === "SECONDS");
  return {
    ...first,
    on: [...new Set(waits.flatMap(({ on }) => on))],
    takes: isQuick ? "SECONDS" : "MINUTES",
  };
};

/**
 * A group shows what it was asked within minutes. What stands longer in the way is its owner's wish, such as a policy that has taken the room that we
 * made, and lasts for hours: the pairs are over, and the janitor hands the rest back once that has passed.
 */
const settleMs = 15 * 60_000;

const waitedFor: readonly SettingKind[] = ["SUSPEND_AZ_REBALANCE", "RAISE_MAX"];

/** A setting that is waited for does not hold up the next one. */
const planSettings = (input: UndoInput): ClusterUndoPlan | undefined => {
  const plans = waitedFor.flatMap((kind) => {
    const plan = settingPlanners[kind](input, input.group);
    return plan === undefined ? [] : [{ kind, plan }];
  });
  const isOpen = ({ plan }: { readonly plan: ClusterUndoPlan }): boolean =>
    plan.kind === "ACT" && refusalOf(input.refused, plan.action) === undefined;
  const waits = plans.filter(({ plan }) => plan.kind === "WAIT");
  const next = plans.find(isOpen)?.plan ?? waits[0]?.plan;
  const waitedMs = Date.parse(input.now) - Date.parse(input.askedSince);
  if (next?.kind !== "WAIT" || waitedMs < settleMs) return next;
  const intentIds = input.intents
    .filter(
      (intent) => isOpenIntent(intent) && waits.some(({ kind }) => kind === intent.change.kind),
    )
    .map(({ id }) => id);
  const id = `LEAVE_TO_JANITOR ${intentIds.join(" ")}`;
  return { kind: "ACT", action: { kind: "LEAVE_TO_JANITOR", id, intentIds } };
};

const unlessRefused = (
  { refused }: UndoInput,
  plan: ClusterUndoPlan | undefined,
): ClusterUndoPlan | undefined =>
  plan?.kind === "ACT" && refusalOf(refused, plan.action) !== undefined ? undefined : plan;

const firstUnrefused = (
  input: UndoInput,
  plans: readonly ClusterUndoPlan[],
): ClusterUndoPlan | undefined => plans.find((plan) => unlessRefused(input, plan) !== undefined);

const planProblems = ({ refused, asgName }: UndoInput): ClusterUndoPlan | undefined =>
  refused.length === 0
    ? undefined
    : {
        kind: "NEEDS_OPERATOR",
        sentence: `${refused.map(({ sentence }) => sentence).join(" ")} What else could be undone at group ${asgName} is undone. Next: mend what AWS names, then roll the evaluation back again.`,
      };

const planHandingBack = (input: UndoInput): ClusterUndoPlan | undefined =>
  planSettings(input) ?? planJoining(input, input.group);

/** The next action, or why there is none. Never throws. */
export const planClusterUndo = (input: UndoInput): ClusterUndoPlan =>
  planUnshown(input) ??
  firstUnrefused(input, planDueProtections(input, input.group)) ??
  planRemovals(input) ??
  planPairs(input) ??
  planUnseen(input) ??
  planHandingBack(input) ??
  planProblems(input) ??
  unlessRefused(input, planClaim(input, input.group)) ??
  planProblems(input) ?? { kind: "DONE" };
