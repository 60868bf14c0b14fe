/** Janitor: carries out what has become due: originals whose cool-off is over, and images that are no longer needed. */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listDueIntents, updateIntent, type DueIntent } from "../../../adapters/store/intents.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { ChangeOf, DueKind, Intent, IntentChange } from "../../../core/model/intent.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Duty, Settled } from "../../evaluation/duty.ts";
import { expireImage, retireOriginal } from "../../linear/duties.ts";
import { openDueSession, type DueSession } from "../../evaluation/session.ts";
import { oneByOne } from "../one-by-one.ts";
import type { Step } from "../../runtime/step.ts";

/** Per run, every five minutes: each takes about a second. */
const maxDue = 40;

/** What can't be done now is asked again after this, and does not keep the others waiting meanwhile. */
const retryMs = 30 * 60_000;

/** One row per kind of intent that becomes due. */
const duties: { readonly [Kind in DueKind]: Duty<Kind> } = {
  RETIRE_ORIGINAL: retireOriginal,
  EXPIRE_IMAGE: expireImage,
};

const isDue = (change: IntentChange): change is ChangeOf<DueKind> =>
  Object.hasOwn(duties, change.kind);

const carryOut = (
  session: DueSession<PipelineMode, "ec2">,
  change: IntentChange,
): Promise<Settled> => {
  if (!isDue(change)) {
    throw new SpotOptimizerError("BrokenFacts", `${change.kind} has no due time.`);
  }
  const perform = <Kind extends DueKind>(kind: Kind, due: ChangeOf<Kind>): Promise<Settled> =>
    duties[kind](session, due);
  return perform(change.kind, change);
};

/** We can no longer act in an account that was disconnected; what is left in it belongs to its owner. */
const isOutOfReach = async (
  context: StepContext<"ec2">,
  { evaluationId }: DueIntent,
): Promise<boolean> => {
  const evaluation = await getEvaluation(context.table, evaluationId);
  return (
    evaluation !== undefined &&
    (await getAccount(context.table, evaluation.accountId)) === undefined
  );
};

const tidy = async (context: StepContext<"ec2">, due: DueIntent): Promise<Settled> => {
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
  context: StepContext<"ec2">,
  { evaluationId, intent }: DueIntent,
  settled: Settled | "FAILED",
): Promise<void> => {
  const retryAt = new Date(context.now().getTime() + retryMs).toISOString();
  await updateIntent(context.table, evaluationId, intent.id, (stored): Intent =>
    settled === "SETTLED" ? { ...stored, status: "SETTLED" } : { ...stored, retryAt },
  );
};

const outputSchema = z.object({ kind: z.literal("TIDIED"), summary: z.string() });

export const janitorStep: Step<unknown, z.infer<typeof outputSchema>, StepContext<"ec2">> = {
  name: "janitor",
  clients: ["ec2"],
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
