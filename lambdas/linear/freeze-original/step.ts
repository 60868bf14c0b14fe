/**
 * Freeze original: from here on no write is accepted that the replacement would not have. The replacement is
 * judged again right before; `stateless` loads are not frozen at all.
 */
import * as z from "zod";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  withProgress,
} from "../../evaluation/evaluation-step.ts";
import { checkReplacement } from "../guards.ts";
import { stopOriginal } from "../stop-original.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { replacementId } from "../session.ts";

/** This is downtime. */
const pollSeconds = 5;

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
    const { original, plannedAt } = await stopOriginal(session);
    const { instanceId, state } = original;
    const noteFrozen = withProgress({ frozenAt: plannedAt });
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
