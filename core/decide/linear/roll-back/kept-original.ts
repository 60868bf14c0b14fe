/** Gives back the original that was kept stopped, and that a recovery has started instead of a launch: it is never ended. */
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import { planAct } from "./problems.ts";
import type { RollbackInput, RollbackPlan } from "./world.ts";

type Taken = Intent & { readonly change: ChangeOf<"TAKE_KEPT"> };

const isTaken = (intent: Intent): intent is Taken =>
  intent.change.kind === "TAKE_KEPT" && intent.status !== "UNDONE";

/** The load balancers first. Nobody waits for what drains there: another recovery is to begin. */
const planLeaving = (
  { targetGroups }: RollbackInput,
  instanceId: string,
): RollbackPlan | undefined => {
  const group = targetGroups.find(({ instanceIds }) => instanceIds.includes(instanceId));
  if (group === undefined) return undefined;
  const { arn, port } = group;
  const id = `LEAVE_TARGET_GROUP ${arn} ${String(port)} ${instanceId}`;
  return planAct({ kind: "LEAVE_TARGET_GROUP", id, arn, port, instanceId });
};

/** Undefined: none was taken, or it was given back. */
export const planGiveBack = (input: RollbackInput): RollbackPlan | undefined => {
  const taken = input.intents.find(isTaken);
  if (taken === undefined) return undefined;
  const { id: undoes, change: taking } = taken;
  const id = `GIVE_BACK_KEPT ${taking.instanceId}`;
  return (
    planLeaving(input, taking.instanceId) ?? planAct({ kind: "GIVE_BACK_KEPT", id, taking, undoes })
  );
};
