/**
 * Plans the roll-back of a recovery. The Spot Instance is gone, so that nothing can return to it: what was launched in its place is given up, and
 * the load's interfaces and volumes outlive that. The target is still to be recovered then.
 */
import { leaveTargetGroup } from "./addresses.ts";
import { planRelease } from "./claim-tag.ts";
import { planKeeping, planRootRelease, terminate } from "./ending.ts";
import { planGiveBack } from "./kept-original.ts";
import { firstActions, isAlive, keptSentence, needsOperator } from "./problems.ts";
import { unlessRefused } from "./return.ts";
import { planRemains } from "./superseded.ts";
import { changesOf } from "../../../model/intent.ts";
import { refusalOf } from "../../switch/undo-plan.ts";
import type { FoundInstance, RollbackInput, RollbackPlan } from "./world.ts";

/** A group that refuses to let it go finds it ended. */
const planLeaving = (input: RollbackInput): RollbackPlan | undefined =>
  firstActions(
    changesOf(input.intents, "MOVE_TARGET_GROUP").map((change) =>
      unlessRefused(input, leaveTargetGroup(input, change)),
    ),
  );

/** With data a host is given up before the load's root is on its way. Its own, which was told to outlive it for that, would stay behind. */
const planOwnRoot = (input: RollbackInput, found: FoundInstance): RollbackPlan | undefined => {
  const { before, takesDataBack = false } = input;
  const lost = before?.volumes.find(({ deviceName }) => deviceName === before.rootDeviceName);
  const isOwn =
    lost !== undefined && !found.volumes.some(({ volumeId }) => volumeId === lost.volumeId);
  return takesDataBack && isOwn ? planRootRelease(input, found) : undefined;
};

const planGivingUp = (input: RollbackInput, found: FoundInstance): RollbackPlan =>
  planKeeping(input, found) ??
  planLeaving(input) ??
  planOwnRoot(input, found) ??
  terminate(input, found);

/** Asked once nobody who serves is to be kept. */
export const planRecovered = (input: RollbackInput): RollbackPlan => {
  const alive = input.replacements.find(isAlive);
  const plan =
    alive === undefined
      ? (planGiveBack(input) ??
        planRelease(input) ??
        planRemains(input) ?? { kind: "DONE" as const })
      : planGivingUp(input, alive);
  // What can't be kept is not ended.
  const sentence = plan.kind === "ACT" ? refusalOf(input.refused, plan.action) : undefined;
  return sentence === undefined ? plan : needsOperator(`${sentence} ${keptSentence(input)}`);
};
