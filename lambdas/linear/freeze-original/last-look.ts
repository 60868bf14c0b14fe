/**
 * The last look before the original is given up: the replacement, and whether traffic will reach it, judged again; whether this is the time
 * for it; and the owner's hook.
 */
import type * as z from "zod";
import { expectedDowntimeSeconds } from "../../../core/decide/linear/expected-downtime.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import type { TargetGroupFacts } from "../../../core/model/target-group.ts";
import type { Postponement } from "../../../core/model/verdict.ts";
import { pollingOutput } from "../../evaluation/evaluation-step.ts";
import { postponementNow } from "../../evaluation/occasion.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { isBoughtOnDemand } from "../bought.ts";
import { checkReplacement, revalidateOriginal, revalidateTraffic } from "../guards.ts";
import { hookOf, quiesce } from "../hooks.ts";
import { revalidateOffer } from "../offer-again.ts";
import { replacementId, withProgress, type LinearResult, type LinearSession } from "../session.ts";

export const outputSchema = pollingOutput([
  "WAITING",
  "MOVE_ROOT",
  "TRANSFER_ROOT",
  "MOVE_IDENTITY",
  "END_SPOT",
  "POSTPONED",
]);
type Output = z.infer<typeof outputSchema>;

export type FreezeSession = LinearSession<
  "classicElb" | "ec2" | "elb" | "resourceGroups" | "marketEc2" | "ssm"
>;

export type Change = (record: LinearEvaluation) => LinearEvaluation;

export const nothingNew: Change = (record) => record;

/** It is not proved to be well: nothing is given up yet. */
export const waitForReplacement = (session: FreezeSession, sentence: string) =>
  waitFor(session, {
    phase: "freeze",
    pace: paces.verify,
    minutes: session.evaluation.policy.healthyDeadlineMinutes,
    sentence,
    resource: replacementId(session),
  });

/** What was found right before the original is given up. */
export interface LastLook {
  readonly targetGroups: readonly TargetGroupFacts[];
  /** To be noted with the freeze. */
  readonly note: Change;
}

export const judgeAnew = async (session: FreezeSession, isTried: boolean): Promise<LastLook> => {
  // Who asked for the way back has not asked for a price, and that of On-Demand stands.
  const isPriced = !isBoughtOnDemand(session);
  if (isPriced && !isTried) await revalidateOffer(session);
  const targetGroups = await revalidateTraffic(session);
  const readAt = session.context.now().toISOString();
  const note =
    targetGroups.length === 0
      ? nothingNew
      : withProgress({ trafficBeforeFreeze: { readAt, targetGroups } });
  return { targetGroups, note };
};

/** What must hold right before the stop: a sentence while it does not yet, else what was found. */
export const judgeReplacementAnew = async (
  session: FreezeSession,
  isTried: boolean,
): Promise<string | LastLook> => {
  const health = await checkReplacement(session);
  return health.kind === "WAITING" ? health.sentence : judgeAnew(session, isTried);
};

/** Of what was begun nothing is down yet: an unwelcome time is a reason to wait, not a failure. */
export const notNow = async (session: FreezeSession): Promise<Postponement | undefined> =>
  postponementNow(
    session,
    expectedDowntimeSeconds(session.evaluation.policy, await session.target()),
  );

export type Answer = LinearResult<Output>;

export const postpone = (postponed: Postponement): Answer => ({
  output: { kind: "POSTPONED", summary: postponed.sentence },
  change: (record) => ({ ...record, postponed }),
});

/** Undefined once the hook has succeeded, and where there is none. Nothing that can be known now is found after it has run. */
export const runHook = async (
  session: FreezeSession,
  { targetGroups }: LastLook,
): Promise<ReturnType<typeof waitFor> | undefined> => {
  if (hookOf(session, "before_freeze") === undefined) return undefined;
  const states = ["running"] as const;
  await revalidateOriginal(session, {
    states,
    withProtections: true,
    targetGroups,
    isLastLook: true,
  });
  return quiesce(session);
};
