/** Ends, keeps or waits for what the evaluations of an account that is off-boarded have left, as was agreed to. */
import { readInstanceBriefly } from "../../../adapters/aws/ec2/instances.ts";
import { updateIntent } from "../../../adapters/store/intents.ts";
import {
  dueTimeOf,
  isMarkChange,
  isSettingChange,
  type Intent,
} from "../../../core/model/intent.ts";
import { janitorFor } from "../../../core/model/lease-holder.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { listDueOf, type DueOfAccount } from "../../evaluation/account-holdings.ts";
import { cancelRetirement } from "../../evaluation/cancel-retirement.ts";
import type { DutyClients, Settled, Told } from "../../evaluation/duty.ts";
import { exclusively } from "../../evaluation/exclusively.ts";
import { openDueSession, type DueSession } from "../../evaluation/session.ts";
import { tellSettlement } from "../../evaluation/tell-settlement.ts";
import { carryOut } from "../janitor/carry-out.ts";
import type { Leaving } from "./leaving.ts";

type Session = DueSession<PipelineMode, DutyClients>;

const kept = (resource: string): Told => ({
  kind: "KEPT",
  reason: "DISCONNECTED",
  sentence: `${resource} is kept: the account is off-boarded, and it is its owner's from now on.`,
});

/** Its marks go, and what stood in their place comes back, while nobody else works on it. */
const keepOriginal = async (
  session: Session,
  { intent, evaluation }: DueOfAccount,
  instanceId: string,
): Promise<Settled> => {
  const { ec2 } = await session.customer();
  const ended = await exclusively(session, janitorFor(evaluation.evaluationId), async () => {
    // What EC2 does not show has no marks to be taken away, and is left as it is either way.
    if ((await readInstanceBriefly(ec2, instanceId)) === undefined) return;
    await cancelRetirement(session, evaluation, intent.id);
  });
  return ended.kind === "DONE"
    ? kept(instanceId)
    : { kind: "WAITING", sentence: `${instanceId} is left as it is for now. ${ended.sentence}` };
};

/** As the janitor will, when its time has come: for it has, now that the account leaves. All that he looks at is looked at. */
const endNow = (session: Session, { intent }: DueOfAccount): Promise<Settled> => {
  const { change } = intent;
  if (isMarkChange(change)) {
    return Promise.resolve({ kind: "WAITING", sentence: `A mark of ${change.nodeName} is left.` });
  }
  const due = new Date(dueTimeOf(intent) ?? session.now);
  return carryOut({ ...session, now: due > session.now ? due : session.now }, change);
};

const settle = async (leaving: Leaving, due: DueOfAccount): Promise<Settled> => {
  const { context, offBoarding } = leaving;
  const { change } = due.intent;
  const session = await openDueSession(context, due.evaluationId);
  const isKept = (id: string): boolean => !offBoarding.end.includes(id);
  if (change.kind === "RETIRE_ORIGINAL" && isKept(change.instanceId)) {
    return keepOriginal(session, due, change.instanceId);
  }
  if (change.kind === "EXPIRE_IMAGE" && isKept(change.imageId)) return kept(change.imageId);
  return endNow(session, due);
};

const note = async (leaving: Leaving, due: DueOfAccount): Promise<string | undefined> => {
  const { context } = leaving;
  const { evaluationId, intent } = due;
  const { change } = intent;
  // The janitor's, and its group's: they go back when that ends nobody.
  if (isMarkChange(change) || isSettingChange(change)) {
    return `The janitor puts back ${change.kind} of evaluation ${evaluationId}.`;
  }
  const settled = await settle(leaving, due);
  if (settled.kind === "RESTS")
    return `${change.kind} of ${evaluationId} rests until ${settled.until}.`;
  if (settled.kind === "WAITING") return settled.sentence;
  await tellSettlement(context, evaluationId, { change, settled });
  await updateIntent(context.table, evaluationId, intent.id, (stored): Intent =>
    dueTimeOf(stored) === undefined ? stored : { ...stored, status: "SETTLED" },
  );
  return undefined;
};

/** @returns what is waited for, in sentences */
export const settleDue = async (leaving: Leaving): Promise<readonly string[]> => {
  const { context, account, offBoarding } = leaving;
  // Once the account is gone the janitor settles what is due as its owner's.
  if (!offBoarding.isReachable) return [];
  const waits: string[] = [];
  for (const due of await listDueOf(context.table, account.accountId)) {
    const name = `${due.intent.id} of ${due.evaluationId} was not settled`;
    const waited = await leaving.attempt(name, () => note(leaving, due));
    if (waited !== undefined) waits.push(waited);
  }
  return waits;
};
