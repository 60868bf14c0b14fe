/** What must be true at the end of a story of a group, each read from the simulated cloud. */
import type { EvaluationStatus } from "../../../core/model/evaluation.ts";
import { changedSettings, strangersOf } from "../../lab/group-judge.ts";
import { judgeCapacity } from "../../lab/capacity-judge.ts";
import { counted, usd } from "../../terminal/figures.ts";
import type { Expectation } from "../story.ts";
import type { GroupStoryEnding } from "./group-story.ts";
import { costsLess, doneSwaps, groupSaving } from "./group-figures.ts";

const all = (rule: string, complaints: readonly string[], found: string): Expectation => ({
  rule,
  held: complaints.length === 0,
  found: complaints.length === 0 ? found : complaints.join("; "),
});

export const groupEndsAs = (
  { evaluation }: GroupStoryEnding,
  status: EvaluationStatus,
): Expectation => {
  const kind = evaluation.verdict?.kind ?? "none";
  const wanted = status === "FELL_BACK" ? "FALLBACK_ON_DEMAND" : "SWITCH";
  return {
    rule: "it ends as this story must",
    held: kind === wanted && evaluation.status === status,
    found: `${kind}, ${evaluation.status}`,
  };
};

/** Each pair's stage, in the order in which they were planned. */
export const stagesAre = (
  { evaluation: { swaps } }: GroupStoryEnding,
  rule: string,
  stages: readonly string[],
): Expectation => {
  const found = swaps.map(({ stage }) => stage);
  return {
    rule,
    held: found.toSorted().join() === stages.toSorted().join(),
    found: found.join(", "),
  };
};

export const batchesAreOf = (
  { evaluation: { swaps } }: GroupStoryEnding,
  most: number,
): Expectation => {
  const sizes = new Map<number, number>();
  for (const { batch = 0 } of swaps) sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
  return {
    rule: `it went in batches of ${String(most)} at most`,
    held: sizes.size > 1 && [...sizes.values()].every((size) => size <= most),
    found: [...sizes.values()].join(", "),
  };
};

export const capacityNeverDropped = ({ capacity, twin, margin }: GroupStoryEnding): Expectation => {
  const complaints = judgeCapacity(capacity, twin);
  return all(
    "at no instant fewer served than were asked for, or than served without us",
    margin === undefined || margin < 0 ? [...complaints, "fewer than were asked for"] : complaints,
    `serving less asked: ${String(margin ?? "never to be judged")} at least`,
  );
};

export const ourCallsTookNothing = ({ broken, mutatingCalls }: GroupStoryEnding): Expectation =>
  all(
    "after each of our calls that takes something out, as many served as were asked for",
    broken,
    counted(mutatingCalls["TerminateInstanceInAutoScalingGroup"] ?? 0, "removal"),
  );

/** @param desired what the customer's policy has set meanwhile */
export const groupIsAsBefore = (
  { before, after }: GroupStoryEnding,
  desired = before.desired,
): Expectation =>
  all(
    "sizes, suspended processes, hooks, protection and tags are as its owner set them",
    changedSettings({ ...before, desired }, after),
    `min ${String(after.min)}, max ${String(after.max)}, desired ${String(after.desired)}`,
  );

export const scalingWasHeard = ({ scaledMs, after }: GroupStoryEnding, desired: number) => ({
  rule: `the customer's scaling policy asked for ${String(desired)} half-way, and that stands`,
  held: scaledMs !== undefined && after.desired === desired && after.members.length === desired,
  found:
    scaledMs === undefined
      ? "it never acted"
      : `desired ${String(after.desired)}, ${counted(after.members.length, "member")}`,
});

/** Neither planned for nor touched. */
export const protectedStayed = ({ before, after, evaluation }: GroupStoryEnding): Expectation => {
  const first = before.members.filter(({ isProtected }) => isProtected);
  const planned = new Set<string>(evaluation.swaps.map(({ original_id: id }) => id));
  const stayed = first.filter(
    ({ instanceId }) =>
      !planned.has(instanceId) &&
      after.members.some(
        (member) =>
          member.instanceId === instanceId && member.isProtected && member.lifecycle === undefined,
      ),
  );
  return {
    rule: "the member that is protected from scale-in is left alone",
    held: first.length > 0 && stayed.length === first.length,
    found: first.map(({ instanceId }) => instanceId).join(", "),
  };
};

/** Whoever left through the group was drained first, and ended afterwards. */
export const hookWasHonoured = (ending: GroupStoryEnding): Expectation => {
  const { drains } = ending;
  const drained = new Set(
    drains.filter(({ wasRunning }) => wasRunning).map((one) => one.instanceId),
  );
  const left = doneSwaps(ending).map(({ original_id: id }) => id);
  const complaints = left.filter((id) => !drained.has(id)).map((id) => `${id} was not drained`);
  return all(
    "the terminating hook was waited for: each original was drained before it ended",
    left.length === 0 ? ["nobody left"] : complaints,
    `${String(left.length)} of ${String(left.length)} drained`,
  );
};

/** Whoever took over is a Spot member that serves; where the group itself has let it go since, its group decided. */
export const replacementsAreSpot = (ending: GroupStoryEnding): Expectation => {
  const { after } = ending;
  const spot = after.members.filter(({ lifecycle }) => lifecycle === "spot");
  return {
    rule: "what took over are Spot Instances of the group, healthy in its target group",
    held:
      spot.length > 0 &&
      spot.every(({ health, state }) => health === "Healthy" && state === "InService") &&
      spot.every(({ instanceId }) =>
        ending.stage.platform.autoScaling.control.serving(ending.name).includes(instanceId),
      ),
    found: `${String(spot.length)} of ${String(after.members.length)} on Spot`,
  };
};

/** From where they were brought to Spot, or back. */
const typesOf = ({ before, after }: GroupStoryEnding): string =>
  [before, after]
    .map(({ members }) => [...new Set(members.map((each) => each.instanceType))].join(", "))
    .join(" then ");

const newIn = ({ before, after }: GroupStoryEnding): GroupStoryEnding["after"]["members"] => {
  const first = new Set(before.members.map(({ instanceId }) => instanceId));
  return after.members.filter(({ instanceId }) => !first.has(instanceId));
};

const stoodOnSpot = ({ before, after }: GroupStoryEnding): boolean =>
  before.members.every(({ lifecycle }) => lifecycle === "spot") &&
  after.members.length === before.members.length;

export const oneHasMoved = (ending: GroupStoryEnding): Expectation => {
  const moved = newIn(ending);
  return {
    rule: "all stood on Spot, and one of them stands in another pool now",
    held:
      stoodOnSpot(ending) &&
      moved.length === 1 &&
      moved.every(({ lifecycle }) => lifecycle === "spot"),
    found: typesOf(ending),
  };
};

export const allStandOnDemand = (ending: GroupStoryEnding): Expectation => {
  const { members } = ending.after;
  return {
    rule: `all ${String(members.length)} stood on Spot, and stand On-Demand now`,
    held:
      stoodOnSpot(ending) &&
      newIn(ending).length === members.length &&
      members.every(({ lifecycle }) => lifecycle === undefined),
    found: typesOf(ending),
  };
};

/** Of a group as large as before. */
export const savesWhatItPaid = (ending: GroupStoryEnding): Expectation => {
  const [saved, less] = [groupSaving(ending), costsLess(ending)];
  return {
    rule: "what it saves is against what it paid before, on Spot and not On-Demand",
    held: saved !== undefined && saved > 0 && Math.abs(saved - less) < 0.01,
    found: `${usd(saved)} a month by the record, ${usd(less)} by the members that there were and are`,
  };
};

/** What was launched for a pair that was given up. */
export const undoneLeftNothing = ({ evaluation, stage, after }: GroupStoryEnding): Expectation => {
  const undone = evaluation.swaps.filter(({ stage: at }) => at === "UNDONE");
  const complaints = undone.flatMap(({ original_id: original, replacement }) => [
    ...(after.members.some(({ instanceId }) => instanceId === original)
      ? []
      : [`${original} is not in the group`]),
    ...(replacement === undefined ||
    stage.platform.ec2.control.find(replacement.instance_id)?.state === "terminated"
      ? []
      : [`${replacement.instance_id} has not ended`]),
  ]);
  return all(
    "of the pair that failed the original serves as before, and the replacement has ended",
    undone.length === 0 ? ["no pair was undone"] : complaints,
    undone.map(({ original_id: id }) => id).join(", "),
  );
};

export const groupLeftNothing = ({
  orphans,
  stage: { platform },
  targetGroupArn,
  name,
  after,
}: GroupStoryEnding): Expectation =>
  all(
    "nothing is left over",
    [
      ...orphans.map(({ kind, id }) => `${kind} ${id}`),
      ...strangersOf({ platform, targetGroupArn, name }, after),
    ],
    "no orphan",
  );

export const groupReplayAgrees = ({ isReplayIdentical }: GroupStoryEnding): Expectation => ({
  rule: "the stored facts give the same verdict again",
  held: isReplayIdentical,
  found: isReplayIdentical ? "identical" : "different",
});
