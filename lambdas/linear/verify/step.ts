/** Verify: the replacement is healthy and everything that makes its identity is there, read anew from AWS. */
import { paces } from "../../../core/decide/linear/paces.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { nextMoves } from "../identity/next-move.ts";
import { readIdentityPlan } from "../identity/plan.ts";
import { checkReplacement } from "../guards.ts";
import { whatMovedRootLacks } from "../moved-root.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { type LinearSession, replacementId, withProgress } from "../session.ts";

const whatIsMissing = async (
  session: LinearSession<"ec2" | "elb">,
): Promise<string | undefined> => {
  const health = await checkReplacement(session);
  if (health.kind === "WAITING") return health.sentence;
  const { movedRootVolumeId } = session.evaluation.progress;
  const root =
    movedRootVolumeId === undefined
      ? undefined
      : await whatMovedRootLacks(session, movedRootVolumeId);
  if (root !== undefined) return root;
  for (const { move, next } of await nextMoves(session, await readIdentityPlan(session))) {
    if (next.kind === "WAIT") return next.sentence;
    if (next.kind === "CALL") return `${move.id} is not at ${replacementId(session)}.`;
  }
  return undefined;
};

export const verifyStep = defineEvaluationStep({
  name: "verify",
  clients: ["ec2", "elb"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: pollingOutput(["VERIFIED", "WAITING"]),
  run: async (session) => {
    const missing = await whatIsMissing(session);
    if (missing === undefined) {
      return {
        output: {
          kind: "VERIFIED",
          summary: `${replacementId(session)} is healthy and carries the whole identity.`,
        },
        change: (record) =>
          record.progress.servingAt === undefined
            ? withProgress({ servingAt: session.context.now().toISOString() })(record)
            : record,
      };
    }
    return waitFor(session, {
      phase: "verify",
      pace: paces.verify,
      minutes: session.evaluation.policy.moveDeadlineMinutes,
      sentence: missing,
      resource: replacementId(session),
    });
  },
});
