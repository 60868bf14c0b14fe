/**
 * Freeze original: from here on no write is accepted that the replacement would not have. The replacement, and whether
 * traffic will reach it, are judged again right before; `stateless` loads are not frozen at all.
 */
import * as z from "zod";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  withProgress,
} from "../../evaluation/evaluation-step.ts";
import { checkReplacement, revalidateTraffic } from "../guards.ts";
import { stopIntent, stopOriginal } from "../stop-original.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { replacementId, type LinearSession } from "../session.ts";

/** This is downtime. */
const pollSeconds = 5;

type Change = (record: LinearEvaluation) => LinearEvaluation;

/** Once the stop has acted it is too late to ask: what it was stopped on is in the record. */
const judgeTrafficAnew = async (session: LinearSession): Promise<Change> => {
  if ((await stopIntent(session))?.status === "ACTED") return (record) => record;
  const targetGroups = await revalidateTraffic(session);
  if (targetGroups.length === 0) return (record) => record;
  const readAt = session.context.now().toISOString();
  return withProgress({ trafficBeforeFreeze: { readAt, targetGroups } });
};

export const freezeOriginalStep = defineEvaluationStep({
  name: "freeze-original",
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: z.object({
    kind: z.enum(["WAITING", "TRANSFER_ROOT", "MOVE_IDENTITY"]),
    summary: z.string(),
  }),
  run: async (session) => {
    const { consistency, healthyDeadlineMinutes, stopDeadlineMinutes } = session.evaluation.policy;
    if (consistency === "stateless") {
      return {
        output: {
          kind: "MOVE_IDENTITY",
          summary: "Stateless: the original serves until its identity has moved.",
        },
        change: await judgeTrafficAnew(session),
      };
    }
    const health = await checkReplacement(session);
    if (health.kind === "WAITING") {
      return waitFor(session, {
        phase: "freeze",
        pollSeconds,
        minutes: healthyDeadlineMinutes,
        sentence: health.sentence,
        resource: replacementId(session),
      });
    }
    const noteTraffic = await judgeTrafficAnew(session);
    const { instanceId, state } = await stopOriginal(session);
    const frozenAt = (await stopIntent(session))?.plannedAt ?? session.now.toISOString();
    const noteFrozen: Change = (record) => withProgress({ frozenAt })(noteTraffic(record));
    if (state === "stopped") {
      return {
        output: {
          kind: consistency === "stop-and-image" ? "TRANSFER_ROOT" : "MOVE_IDENTITY",
          summary: `${instanceId} is stopped; nothing is written to it any more.`,
        },
        change: noteFrozen,
      };
    }
    const waiting = waitFor(session, {
      phase: "stop",
      pollSeconds,
      minutes: stopDeadlineMinutes,
      sentence: `${instanceId} is ${state}.`,
      resource: instanceId,
    });
    return {
      ...waiting,
      change: (record) => noteFrozen(waiting.change(record)),
    };
  },
});
