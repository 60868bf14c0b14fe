/**
 * Janitor: carries out what has become due: originals whose cool-off is over, images that are no longer needed, capacity that is held for nobody, groups
 * that isolate nobody, launch templates that are kept ready, and settings of Auto Scaling groups that their evaluation could not put back. What is left on nodes it hands on, for it reaches no cluster.
 */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listDueIntents, updateIntent, type DueIntent } from "../../../adapters/store/intents.ts";
import { nextAnswer, nextTry } from "../../../core/decide/switch/next-try.ts";
import { dueTimeOf, isMarkChange, type Intent } from "../../../core/model/intent.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { DutyClients, Settled } from "../../evaluation/duty.ts";
import { openDueSession } from "../../evaluation/session.ts";
import { tellSettlement } from "../../evaluation/tell-settlement.ts";
import { oneByOne } from "../one-by-one.ts";
import type { Step } from "../../runtime/step.ts";
import { carryOut } from "./carry-out.ts";
import { handingOn, type MarkRestorer } from "./hand-on.ts";

export type JanitorContext = StepContext<DutyClients> & MarkRestorer;

/** Per run, every five minutes: each takes about a second. */
const maxDue = 40;

/** We can no longer act in an account that was disconnected; what is left in it belongs to its owner. */
const isOutOfReach = async (
  context: JanitorContext,
  { evaluationId }: DueIntent,
): Promise<boolean> => {
  const evaluation = await getEvaluation(context.table, evaluationId);
  return (
    evaluation !== undefined &&
    (await getAccount(context.table, evaluation.accountId)) === undefined
  );
};

const disconnected: Settled = {
  kind: "KEPT",
  reason: "DISCONNECTED",
  sentence: "The account was disconnected: what is due there is left to its owner.",
};

interface Run {
  readonly context: JanitorContext;
  readonly handOn: ReturnType<typeof handingOn>;
}

const settle = async ({ context, handOn }: Run, due: DueIntent): Promise<Settled> => {
  if (await isOutOfReach(context, due)) return disconnected;
  const { change } = due.intent;
  const session = await openDueSession(context, due.evaluationId);
  return isMarkChange(change) ? handOn(session) : carryOut(session, change);
};

const tidy = async (run: Run, due: DueIntent): Promise<Settled> => {
  const { context } = run;
  const { evaluationId, intent } = due;
  const { change } = intent;
  const settled = await settle(run, due);
  if (settled.kind !== "RESTS") await tellSettlement(context, evaluationId, { change, settled });
  return settled;
};

/** When it is looked at again, so that it does not keep the others waiting meanwhile; undefined: never. */
const nextLook = (
  now: Date,
  intent: DueIntent["intent"],
  settled: Settled | "FAILED",
): string | undefined => {
  const tryAgain = (): string =>
    nextTry({ kind: intent.change.kind, dueAt: dueTimeOf(intent) ?? intent.plannedAt }, now);
  if (settled === "FAILED") return tryAgain();
  if (settled.kind === "RESTS") return settled.until;
  if (settled.kind !== "WAITING") return undefined;
  return settled.isAsked === true ? nextAnswer(now) : tryAgain();
};

/** What was handed on may have said already when it is to be tried again. */
const resting = (stored: Intent, until: string): Intent =>
  stored.retryAt !== undefined && stored.retryAt > until ? stored : { ...stored, retryAt: until };

const note = async (
  context: JanitorContext,
  { evaluationId, intent }: DueIntent,
  settled: Settled | "FAILED",
): Promise<void> => {
  const retryAt = nextLook(context.now(), intent, settled);
  await updateIntent(context.table, evaluationId, intent.id, (stored): Intent => {
    if (dueTimeOf(stored) === undefined) return stored;
    return retryAt === undefined ? { ...stored, status: "SETTLED" } : resting(stored, retryAt);
  });
};

const countedAs = {
  REMOVED: "SETTLED",
  RESTORED: "SETTLED",
  GONE: "SETTLED",
  KEPT: "SETTLED",
  WAITING: "POSTPONED",
  RESTS: "RESTING",
} as const satisfies Readonly<Record<Settled["kind"], string>>;

const outputSchema = z.object({ kind: z.literal("TIDIED"), summary: z.string() });

export const janitorStep: Step<unknown, z.infer<typeof outputSchema>, JanitorContext> = {
  name: "janitor",
  clients: ["autoScaling", "classicElb", "cloudWatch", "ec2", "elb", "resourceGroups", "ssm"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { SETTLED: 0, POSTPONED: 0, FAILED: 0, RESTING: 0 };
    const turns = oneByOne(context);
    const run = { context, handOn: handingOn(context) };
    for (const due of await listDueIntents(context.table, { now: context.now(), limit: maxDue })) {
      if (!turns.hasTime()) break;
      const { evaluationId } = due;
      const name = `${due.intent.id} of ${evaluationId} is still due`;
      const item = { name, keys: { evaluationId } };
      const settled = (await turns.attempt(item, () => tidy(run, due))) ?? "FAILED";
      await turns.attempt(item, () => note(context, due, settled));
      counts[settled === "FAILED" ? settled : countedAs[settled.kind]] += 1;
    }
    turns.finish();
    return {
      kind: "TIDIED",
      summary: `${String(counts.SETTLED)} settled, ${String(counts.POSTPONED)} postponed, ${String(counts.FAILED)} failed.`,
    };
  },
};
