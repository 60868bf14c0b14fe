/** Holds the roll-back of a response as long as EC2 may take the node: pods that came back would end with it. One that has left its group and is not taken is for a person. */
import { readInstanceState } from "../../../adapters/aws/ec2/instances.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { leftFrom } from "../../../core/decide/kubernetes/response.ts";
import { isResponse } from "../../../core/model/evaluation-kind.ts";
import { leftToOperator, type Undone } from "../../evaluation/undo-loop.ts";
import { hasLeftGroup, warnedOf } from "../warned.ts";
import type { UndoSession } from "./world.ts";

const againSeconds = 30;

/** Undefined: it may be undone. */
export const whileTaken = async (session: UndoSession): Promise<Undone | undefined> => {
  const { context, evaluation } = session;
  if (!isResponse(evaluation)) return undefined;
  if ((await listIntents(context.table, evaluation.evaluationId)).length === 0) return undefined;
  const { instanceId, endsAt } = warnedOf(session);
  const { ec2 } = await session.customer();
  const state = await readInstanceState(ec2, instanceId);
  if (state === undefined || state === "terminated") return undefined;
  const summary = `EC2 shows node ${instanceId} as ${state}, which it was to take at ${endsAt}.`;
  if (state !== "running" || context.now().toISOString() < leftFrom(endsAt)) {
    const output = { kind: "WAITING", summary, waitSeconds: againSeconds, wait: null } as const;
    return { output, refused: [] };
  }
  return (await hasLeftGroup(session))
    ? leftToOperator(
        `${summary} It has left its group, and runs on by itself. Next: end it once its pods have left it, then roll the evaluation back again.`,
      )
    : undefined;
};
