/** Janitor: what has become due: originals whose cool-off is over, and images that nobody needs any more. */
import { z } from "zod";
import { deleteImage, findImage } from "../../adapters/aws/ec2/images.ts";
import { terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import { listDueIntents, updateIntent, type DueIntent } from "../../adapters/store/intents.ts";
import { judgeRetirement } from "../../core/decide/retirement.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ChangeOf, IntentChange } from "../../core/model/intent.ts";
import { retireAfterTag } from "../../core/model/tags.ts";
import type { StepContext } from "../runtime/context.ts";
import { openSession, type EvaluationSession } from "../runtime/evaluation-step.ts";
import { readLiveInstance } from "../runtime/live-instance.ts";
import { assertNotStopped, recordEffect } from "../runtime/perform.ts";
import type { Step } from "../runtime/step.ts";

/** Per run, every five minutes: each takes about a second. */
const maxDue = 40;

type Settled = "SETTLED" | "POSTPONED";

const retire = async (
  session: EvaluationSession,
  { instanceId, dueAt }: ChangeOf<"RETIRE_ORIGINAL">,
): Promise<Settled> => {
  const judged = judgeRetirement({
    original: await readLiveInstance(session, instanceId),
    successor: await readLiveInstance(session, session.target.instanceId),
    tag: { key: retireAfterTag, value: dueAt },
  });
  if (judged.kind === "POSTPONE") return "POSTPONED";
  if (judged.kind === "TERMINATE") {
    const { ec2 } = await session.customer();
    await assertNotStopped(session);
    await recordEffect(session, {
      action: "TerminateInstances",
      resource: instanceId,
      call: () => terminateInstance(ec2, instanceId),
    });
  }
  return "SETTLED";
};

const expireImage = async (
  session: EvaluationSession,
  { imageId }: ChangeOf<"EXPIRE_IMAGE">,
): Promise<Settled> => {
  const { ec2 } = await session.customer();
  const image = await findImage(ec2, { imageId });
  if (image === undefined) return "SETTLED";
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "DeregisterImage",
    resource: imageId,
    call: () => deleteImage(ec2, { imageId, snapshotIds: image.snapshotIds }),
  });
  return "SETTLED";
};

const carryOut = async (session: EvaluationSession, change: IntentChange): Promise<Settled> => {
  switch (change.kind) {
    case "RETIRE_ORIGINAL":
      return retire(session, change);
    case "EXPIRE_IMAGE":
      return expireImage(session, change);
    default:
      throw new SpotOptimizerError("BrokenFacts", `${change.kind} has no due time.`);
  }
};

const settle = async (context: StepContext, due: DueIntent): Promise<Settled | "FAILED"> => {
  const { evaluationId, intent } = due;
  try {
    const settled = await carryOut(await openSession(context, evaluationId), intent.change);
    if (settled === "SETTLED") {
      await updateIntent(context.table, evaluationId, intent.id, (stored) => ({
        ...stored,
        status: "SETTLED",
      }));
    }
    return settled;
  } catch (error) {
    // One account that does not answer must not keep the others waiting; it is due again at the next run.
    if (!(error instanceof SpotOptimizerError)) throw error;
    context.log.warn(`${intent.id} of ${evaluationId} is still due: ${error.message}`, {
      evaluationId,
      error: error.name,
    });
    return "FAILED";
  }
};

const outputSchema = z.object({ kind: z.literal("TIDIED"), summary: z.string() });

export const janitorStep: Step<unknown, z.infer<typeof outputSchema>> = {
  name: "janitor",
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { SETTLED: 0, POSTPONED: 0, FAILED: 0 };
    const due = await listDueIntents(context.table, { now: context.now(), limit: maxDue });
    for (const intent of due) counts[await settle(context, intent)] += 1;
    return {
      kind: "TIDIED",
      summary: `${String(counts.SETTLED)} settled, ${String(counts.POSTPONED)} postponed, ${String(counts.FAILED)} failed.`,
    };
  },
};
