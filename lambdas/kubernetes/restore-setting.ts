/**
 * What the janitor does with a setting of the group behind a node group that its evaluation could not put back, because its execution died: by the rules of the
 * undo, on the group as it is. What stands on nodes themselves is left to the roll-back: the janitor has no way into a cluster.
 */
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { planAzRebalance, planProtection } from "../../core/decide/kubernetes/undo/settings.ts";
import type { KubernetesUndoInput } from "../../core/decide/kubernetes/undo/world.ts";
import { isSettingChange, type ChangeOf, type Intent } from "../../core/model/intent.ts";
import type { SettingKind } from "../../core/model/intents/group.ts";
import { janitorFor } from "../../core/model/lease-holder.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { nameOf } from "../../core/model/subject.ts";
import type { DutyClients, Settled, Told } from "../evaluation/duty.ts";
import { exclusivelyForItself } from "../evaluation/exclusively.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { leaseSeconds } from "../evaluation/lease.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import { requireDueMode, type DueSession } from "../evaluation/session.ts";
import { readGroupNow } from "./undo/group-now.ts";
import { settingCallOf } from "./undo/setting-calls.ts";

type Session = DueSession<"KUBERNETES", DutyClients>;

/** The planners ask for what is open: committed is what the evaluation has left to the janitor. */
const asOpen = (intents: readonly Intent[], kind: SettingKind): readonly Intent[] =>
  intents.flatMap((intent) => {
    if (!isSettingChange(intent.change) || intent.change.kind !== kind) return [];
    return [intent.status === "COMMITTED" ? { ...intent, status: "ACTED" as const } : intent];
  });

const inputOf = async (session: Session, kind: SettingKind): Promise<KubernetesUndoInput> => {
  const { context, evaluation } = session;
  const { group } = await readSubjectFacts<"KUBERNETES">(session);
  const now = context.now().toISOString();
  return {
    group: await readGroupNow(session, group),
    spotGroup: undefined,
    replacements: [],
    nodes: [],
    intents: asOpen(await listIntents(context.table, evaluation.evaluationId), kind),
    refused: [],
    policy: evaluation.policy,
    claim: "",
    originals: new Map(),
    isAsked: false,
    subjectName: nameOf(evaluation.subject),
    now,
    askedSince: now,
  };
};

const markOver = async ({ context, evaluation }: Session, id: string): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, id, (stored): Intent =>
    stored.status === "COMMITTED"
      ? { ...stored, status: "SETTLED" }
      : { ...stored, status: "UNDONE", undoneAt: context.now().toISOString() },
  );
};

/** One for each node that was begun: rarely more than one. */
const maxTurns = 20;

const restoreAll = async (session: Session, kind: SettingKind): Promise<Told> => {
  const name = nameOf(session.evaluation.subject);
  let told: Told = { kind: "GONE", sentence: `Nothing of it is left at ${name}.` };
  for (let turns = 0; turns < maxTurns; turns += 1) {
    const input = await inputOf(session, kind);
    const plan = planProtection(input) ?? planAzRebalance(input);
    if (plan === undefined) return told;
    if (plan.kind === "WAIT") return { kind: "WAITING", sentence: plan.sentence };
    if (plan.kind !== "ACT") return told;
    const { action } = plan;
    if (action.kind === "UNPROTECT" || action.kind === "RESUME_AZ_REBALANCE") {
      await assertNotStopped(session);
      const { autoScaling } = await session.customer();
      await recordEffect(session, settingCallOf(autoScaling, action));
      told = { kind: "RESTORED", sentence: `What was changed of ${action.asgName} is given back.` };
    } else if (action.kind === "NOTE_RESTORED") {
      told = { kind: "GONE", sentence: action.sentence };
    }
    if (action.undoes === undefined) return told;
    await markOver(session, action.undoes);
  }
  return { kind: "WAITING", sentence: `More is left at ${name} than one look settles.` };
};

/** While the evaluation lives it does this itself. */
export const restoreSettingOfNodes = async (
  due: DueSession<PipelineMode, DutyClients>,
  { kind }: ChangeOf<SettingKind>,
): Promise<Settled> => {
  const session = requireDueMode(due, "KUBERNETES");
  const { evaluationId, subject } = session.evaluation;
  const ended = await exclusivelyForItself(session, janitorFor(evaluationId), () =>
    restoreAll(session, kind),
  );
  if (ended.kind === "DONE") return ended.result;
  if (!ended.isHeld) {
    const sentence = `${nameOf(subject)} is left as it is for now. ${ended.sentence}`;
    return { kind: "WAITING", sentence };
  }
  // Whoever holds the lease will have ended, or have lost it, by then.
  const until = new Date(session.now.getTime() + leaseSeconds * 1000).toISOString();
  return { kind: "RESTS", until };
};
