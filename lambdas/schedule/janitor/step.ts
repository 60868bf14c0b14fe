/** Janitor: what has become due: originals whose cool-off is over, and images that nobody needs any more. */
import * as z from "zod";
import { deleteImage, findImage } from "../../../adapters/aws/ec2/images.ts";
import { terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listDueIntents, updateIntent, type DueIntent } from "../../../adapters/store/intents.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import { judgeRetirement } from "../../../core/decide/linear/retirement.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { ChangeOf, Intent, IntentChange } from "../../../core/model/intent.ts";
import { retireAfterTag } from "../../../core/model/tags.ts";
import type { StepContext } from "../../runtime/context.ts";
import { readLiveInstance } from "../../evaluation/live-instance.ts";
import { openDueSession, type DueSession } from "../../evaluation/session.ts";
import { oneByOne } from "../one-by-one.ts";
import { assertNotStopped, recordEffect } from "../../evaluation/perform.ts";
import type { Step } from "../../runtime/step.ts";

/** Per run, every five minutes: each takes about a second. */
const maxDue = 40;

/** What can't be done now is asked again after this, and does not keep the others from their turn meanwhile. */
const retryMs = 30 * 60_000;

type Settled = "SETTLED" | "POSTPONED";

/** Who serves instead: the target's instance now, or, if it was deleted since, the one that took over then. */
const readSuccessor = async (session: DueSession): Promise<InstanceFacts | undefined> => {
  const { context, evaluation } = session;
  const target = await getTarget(context.table, evaluation.targetId);
  const instanceId = target?.instanceId ?? evaluation.progress.replacementId;
  return instanceId === undefined ? undefined : readLiveInstance(session, instanceId);
};

const retire = async (
  session: DueSession,
  { instanceId, dueAt }: ChangeOf<"RETIRE_ORIGINAL">,
): Promise<Settled> => {
  const judged = judgeRetirement({
    original: await readLiveInstance(session, instanceId),
    successor: await readSuccessor(session),
    tagKey: retireAfterTag,
    dueAt,
    now: session.now,
  });
  session.context.log.info(judged.sentence, { instanceId, judged: judged.kind });
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
  session: DueSession,
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

const carryOut = async (session: DueSession, change: IntentChange): Promise<Settled> => {
  switch (change.kind) {
    case "RETIRE_ORIGINAL":
      return retire(session, change);
    case "EXPIRE_IMAGE":
      return expireImage(session, change);
    default:
      throw new SpotOptimizerError("BrokenFacts", `${change.kind} has no due time.`);
  }
};

/** Into an account that was disconnected there is no way back, and what is there is the owner's. */
const isOutOfReach = async (
  context: StepContext,
  { evaluationId }: DueIntent,
): Promise<boolean> => {
  const evaluation = await getEvaluation(context.table, evaluationId);
  return (
    evaluation !== undefined &&
    (await getAccount(context.table, evaluation.accountId)) === undefined
  );
};

const tidy = async (context: StepContext, due: DueIntent): Promise<Settled> => {
  if (await isOutOfReach(context, due)) {
    context.log.warn("The account was disconnected: what is due there is left to its owner.", {
      evaluationId: due.evaluationId,
      intent: due.intent.id,
    });
    return "SETTLED";
  }
  return carryOut(await openDueSession(context, due.evaluationId), due.intent.change);
};

const note = async (
  context: StepContext,
  { evaluationId, intent }: DueIntent,
  settled: Settled | "FAILED",
): Promise<void> => {
  const retryAt = new Date(context.now().getTime() + retryMs).toISOString();
  await updateIntent(context.table, evaluationId, intent.id, (stored): Intent =>
    settled === "SETTLED" ? { ...stored, status: "SETTLED" } : { ...stored, retryAt },
  );
};

const outputSchema = z.object({ kind: z.literal("TIDIED"), summary: z.string() });

export const janitorStep: Step<unknown, z.infer<typeof outputSchema>> = {
  name: "janitor",
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { SETTLED: 0, POSTPONED: 0, FAILED: 0 };
    const turns = oneByOne(context);
    for (const due of await listDueIntents(context.table, { now: context.now(), limit: maxDue })) {
      if (!turns.hasTime()) break;
      const { evaluationId } = due;
      const name = `${due.intent.id} of ${evaluationId} is still due`;
      const item = { name, keys: { evaluationId } };
      const settled = (await turns.attempt(item, () => tidy(context, due))) ?? "FAILED";
      await turns.attempt(item, () => note(context, due, settled));
      counts[settled] += 1;
    }
    turns.finish();
    return {
      kind: "TIDIED",
      summary: `${String(counts.SETTLED)} settled, ${String(counts.POSTPONED)} postponed, ${String(counts.FAILED)} failed.`,
    };
  },
};
