/**
 * What the janitor does with a setting of a group that its evaluation could not put back: its owner wanted more just then than the old maximum, AWS
 * refused, or the execution died. By the rules of the restore, on the group as it is: what its owner has changed since is his.
 */
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { settingPlanners } from "../../core/decide/cluster/undo/settings.ts";
import type { ClusterUndoAction } from "../../core/decide/cluster/undo/world.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isSettingChange, type ChangeOf, type Intent } from "../../core/model/intent.ts";
import type { SettingKind } from "../../core/model/intents/group.ts";
import { janitorFor } from "../../core/model/lease-holder.ts";
import type { Settled, Told } from "../evaluation/duty.ts";
import type { DutyClients } from "../evaluation/duty.ts";
import { exclusivelyForItself } from "../evaluation/exclusively.ts";
import { leaseSeconds } from "../evaluation/lease.ts";
import { assertNotStopped } from "../evaluation/perform.ts";
import { requireDueMode, type DueSession } from "../evaluation/session.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { DueLiveSession } from "./session.ts";
import { carryOutClusterUndo } from "./undo/actions.ts";
import { readUndoGroup } from "./undo/world.ts";

/** The planners ask for what is open: committed is what the evaluation has left to the janitor. */
const asOpen = (intents: readonly Intent[]): readonly Intent[] =>
  intents.map((intent) =>
    isSettingChange(intent.change) && intent.status === "COMMITTED"
      ? { ...intent, status: "ACTED" }
      : intent,
  );

const markOver = async (
  { context, evaluation }: DueLiveSession,
  id: string | undefined,
): Promise<void> => {
  if (id === undefined) return;
  await updateIntent(context.table, evaluation.evaluationId, id, (stored): Intent =>
    stored.status === "COMMITTED"
      ? { ...stored, status: "SETTLED" }
      : { ...stored, status: "UNDONE", undoneAt: context.now().toISOString() },
  );
};

const restored = (sentence: string): Told => ({ kind: "RESTORED", sentence });

/** What is told once it is carried out. */
const toldOf = (action: ClusterUndoAction): Told => {
  switch (action.kind) {
    case "UNPROTECT":
      return restored(
        `Our protection from scale-in was taken off ${action.instanceIds.join(" ")} of group ${action.asgName}.`,
      );
    case "RESUME_AZ_REBALANCE":
      return restored(`AZRebalance of group ${action.asgName} was resumed.`);
    case "RESTORE_MAX":
      return restored(
        `The maximum of group ${action.asgName} was set back to ${String(action.maxSize)}.`,
      );
    case "NOTE_RESTORED":
      return action.isTheirs === true
        ? { kind: "KEPT", reason: "CHANGED_SINCE", sentence: action.sentence }
        : { kind: "GONE", sentence: action.sentence };
    default:
      throw new SpotOptimizerError("BrokenFacts", `${action.id} does not restore a setting.`);
  }
};

/** Each may be noted once, and one is put back; the group is read anew before each. */
const maxTurns = 20;

const restoreAll = async (session: DueLiveSession, kind: SettingKind): Promise<Told> => {
  const { context, evaluation } = session;
  const { asgName } = evaluation.subject;
  let told: Told = { kind: "GONE", sentence: `Nothing of it is left at group ${asgName}.` };
  for (let turns = 0; turns < maxTurns; turns += 1) {
    const group = await readUndoGroup(session, []);
    const intents = asOpen(await listIntents(context.table, evaluation.evaluationId));
    const now = context.now().toISOString();
    const world = { group, replacements: [], kept: [], originals: new Map<string, string>() };
    const plan = settingPlanners[kind](
      { ...world, intents, refused: [], asgName, now, askedSince: now },
      group,
    );
    if (plan === undefined) return told;
    if (plan.kind === "WAIT") return { kind: "WAITING", sentence: plan.sentence };
    if (plan.kind !== "ACT") {
      throw new SpotOptimizerError("BrokenFacts", `A setting of ${asgName} has no plan.`);
    }
    const { action } = plan;
    if (action.kind !== "NOTE_RESTORED") {
      await assertNotStopped(session);
      await carryOutClusterUndo(session, action);
    }
    await markOver(session, action.undoes);
    told = toldOf(action);
  }
  return { kind: "WAITING", sentence: `Group ${asgName} has more of them than one look settles.` };
};

/** Whoever holds the lease will have ended, or have lost it, by then. */
const untilLeaseEnds = ({ now }: DueLiveSession): Settled => ({
  kind: "RESTS",
  until: new Date(now.getTime() + leaseSeconds * 1000).toISOString(),
});

/** While the evaluation lives it does this itself. */
export const restoreSetting = async (
  due: DueSession<PipelineMode, DutyClients>,
  { kind }: ChangeOf<SettingKind>,
): Promise<Settled> => {
  const session = requireDueMode(due, "CLUSTER");
  const { evaluationId, subject } = session.evaluation;
  const ended = await exclusivelyForItself(session, janitorFor(evaluationId), () =>
    restoreAll(session, kind),
  );
  if (ended.kind === "DONE") return ended.result;
  return ended.isHeld
    ? untilLeaseEnds(session)
    : {
        kind: "WAITING",
        sentence: `Group ${subject.asgName} is left as it is for now. ${ended.sentence}`,
      };
};
