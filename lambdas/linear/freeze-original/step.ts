/**
 * Freeze original: from here on no write is accepted that the replacement would not have. The replacement is
 * judged again right before; `stateless` loads are not frozen at all.
 */
import { paces } from "../../../core/decide/linear/paces.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  withProgress,
} from "../../evaluation/evaluation-step.ts";
import { checkReplacement } from "../guards.ts";
import { stopIntent, stopOriginal } from "../stop-original.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { replacementId, type LinearSession } from "../session.ts";

const waitForReplacement = (session: LinearSession, sentence: string) =>
  waitFor(session, {
    phase: "freeze",
    pace: paces.verify,
    minutes: session.evaluation.policy.healthyDeadlineMinutes,
    sentence,
    resource: replacementId(session),
  });

/** Noted once. */
const frozenSince =
  (frozenAt: string) =>
  (record: LinearEvaluation): LinearEvaluation =>
    record.progress.frozenAt === undefined ? withProgress({ frozenAt })(record) : record;

export const freezeOriginalStep = defineEvaluationStep({
  name: "freeze-original",
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: pollingOutput(["WAITING", "TRANSFER_ROOT", "MOVE_IDENTITY"]),
  run: async (session) => {
    const { consistency, stopDeadlineMinutes } = session.evaluation.policy;
    if (consistency === "stateless") {
      return {
        output: {
          kind: "MOVE_IDENTITY",
          summary: "Stateless: the original serves until its identity has moved.",
        },
      };
    }
    const stop = await stopIntent(session);
    if (stop?.status !== "ACTED") {
      const health = await checkReplacement(session);
      if (health.kind === "WAITING") return waitForReplacement(session, health.sentence);
    }
    const { instanceId, state } = await stopOriginal(session);
    const frozenAt = (stop ?? (await stopIntent(session)))?.plannedAt;
    const noteFrozen = frozenSince(frozenAt ?? session.now.toISOString());
    if (state === "stopped") {
      // A replacement that was lost meanwhile is found before the final image takes its minutes.
      await checkReplacement(session);
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
      pace: paces.stop,
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
