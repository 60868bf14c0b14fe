/**
 * Record: how it ended, what it cost and saves; the target follows the switch; the leases are released. What serves is read
 * once more: a replacement that was lost since is undone. Nothing that can't be written of the target or of the figures
 * keeps the record from ending: the record then says so.
 */
import * as z from "zod";
import { factKindOf } from "../../../adapters/aws/named-facts.ts";
import { loadEffects } from "../../../adapters/store/evaluations.ts";
import { getTarget, updateTarget } from "../../../adapters/store/targets.ts";
import { rememberRecovery } from "../../../core/decide/switch/recovery-attempts.ts";
import { isFailedAttempt, rememberAttempt } from "../../../core/decide/switch/failed-attempt.ts";
import { hookRuns, withHooks } from "../../../core/decide/switch/hooks.ts";
import { recentDowntimes } from "../../../core/decide/switch/occasion.ts";
import { judgeOutcome } from "../../../core/decide/switch/outcome.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import {
  endStatuses,
  type Evaluation,
  type Failure,
  type Outcome,
} from "../../../core/model/evaluation.ts";
import { isRecovery, isResponse, kindOf } from "../../../core/model/evaluation-kind.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { nameOf } from "../../../core/model/subject.ts";
import type { Target } from "../../../core/model/target.ts";
import type { ClosingSession, EndedInput } from "../../evaluation/closing.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  type StepResult,
} from "../../evaluation/evaluation-step.ts";
import { caughtSchema, failureOf, rollbackFailureOf } from "../../evaluation/failure.ts";
import { failedRecoveryOf } from "../../evaluation/recovery-attempt.ts";
import { releaseLeases } from "../../evaluation/lease.ts";
import { giveBackSlot } from "../../evaluation/slot.ts";
import { closingOf } from "./closings.ts";

/** LOST: it is not over, the roll-back goes on from here. */
const outputSchema = z.object({ kind: z.enum([...endStatuses, "LOST"]), summary: z.string() });
type Output = z.infer<typeof outputSchema>;

type Session = ClosingSession<PipelineMode>;

interface Problems {
  readonly failure?: Failure;
  readonly rollbackProblem?: string;
}

const succeeded: readonly string[] = ["SWITCHED", "PARTLY_SWITCHED", "FELL_BACK"];

/** Why it could not be done; undefined when it was. What may be done later is thrown: the step is repeated. */
const whyNot = async (what: string, act: () => Promise<void>): Promise<string | undefined> => {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    return `${what}: ${error.message}`;
  }
};

/** What the next evaluation needs to know: how long the load was down, and when what stands against a switch has passed. */
const withOccasion = (
  { evaluation }: Session,
  { evaluateAt: _past, downtimes, ...target }: Target,
  { endedAt, seconds }: { readonly endedAt: string; readonly seconds: number },
): Target => {
  const { evaluationId, verdict, postponed } = evaluation;
  const evaluateAt = postponed?.retryAt ?? verdict?.retryAt;
  const others = recentDowntimes(downtimes, endedAt).filter(
    (one) => one.evaluationId !== evaluationId,
  );
  // What EC2 took is not of the downtime that moves may take.
  const recent =
    seconds > 0 && !isRecovery(evaluation)
      ? [...others, { evaluationId, at: endedAt, seconds }]
      : others;
  return {
    ...target,
    lastEvaluatedAt: endedAt,
    ...(evaluateAt === undefined ? {} : { evaluateAt }),
    ...(recent.length === 0 ? {} : { downtimes: [...recent] }),
  };
};

/** When the next sweep tries again: said on the target. What lives is not tried again, and has lost nothing. */
const memoryOfRecovery = async (
  { context, evaluation: { evaluationId, targetId }, now }: Session,
  ended: Pick<EndedInput, "outcome" | "failure">,
): Promise<(target: Target) => Target> => {
  if (ended.outcome.status === "STAYED" && ended.outcome.reason === "NOT_INTERRUPTED") {
    return (target) => target;
  }
  const before = await failedRecoveryOf(
    context.table,
    (await getTarget(context.table, targetId)) ?? {},
  );
  const endedAt = now.toISOString();
  return (target) => ({
    ...target,
    failedAttempt: rememberRecovery(before, { ...ended, evaluationId, endedAt }),
  });
};

/** What the target remembers of failed attempts, from what it did before. */
const memoryAfter = async (
  session: Session,
  { failure, outcome }: EndedInput,
): Promise<(target: Target) => Target> => {
  const { evaluationId, authorization } = session.evaluation;
  const ended = {
    outcome,
    ...(authorization !== undefined && { authorization }),
    ...(failure !== undefined && { failure }),
  };
  // The loss of a node says nothing of what was tried before, nor of what is tried next.
  if (isResponse(session.evaluation)) return (target) => target;
  if (succeeded.includes(outcome.status)) {
    return ({ failedAttempt: _over, ...target }) => target;
  }
  if (isRecovery(session.evaluation)) {
    // A group replaces by itself what it has lost: nothing is tried again.
    return session.evaluation.mode === "LINEAR"
      ? memoryOfRecovery(session, ended)
      : (target) => target;
  }
  // A person asked for the way back: nothing is tried again by itself.
  if (kindOf(session.evaluation) === "FALL_BACK") return (target) => target;
  if (!isFailedAttempt(ended)) return (target) => target;
  const attempt = await closingOf(session).attempt(session);
  const endedAt = session.now.toISOString();
  return (target) => ({
    ...target,
    failedAttempt: rememberAttempt(target.failedAttempt, {
      ...ended,
      ...attempt,
      evaluationId,
      endedAt,
      factKindOf,
    }),
  });
};

/** The target follows the switch. One that can't (somebody registered the replacement already) is left as it is. */
const followSwitch = async (
  session: Session,
  input: EndedInput,
  seconds: number,
): Promise<readonly string[]> => {
  const { context, evaluation, now } = session;
  const { targetId } = evaluation;
  const occasion = { endedAt: now.toISOString(), seconds };
  const remember = await memoryAfter(session, input);
  const problem = await whyNot(`Target ${targetId} does not follow`, async () => {
    const change = await closingOf(session).follow(session, input);
    await updateTarget(context.table, targetId, (target) =>
      withOccasion(session, remember(change(target)), occasion),
    );
  });
  if (problem === undefined) return [];
  const stale = await whyNot(`Target ${targetId} is left as it is`, async () => {
    await updateTarget(context.table, targetId, (target) =>
      withOccasion(session, remember(target), occasion),
    );
  });
  return [problem, ...(stale === undefined ? [] : [stale])];
};

type Figures = Pick<Evaluation, "estimatedSavings" | "downtimeSeconds" | "returnCapacity">;

const figuresOf = async (
  session: Session,
  input: EndedInput,
): Promise<{ readonly figures: Figures; readonly problems: readonly string[] }> => {
  let figures: Figures = {};
  const problem = await whyNot("Figures are missing", async () => {
    figures = await closingOf(session).figures(session, input);
  });
  return { figures, problems: problem === undefined ? [] : [problem] };
};

const withSentences = (outcome: Outcome, sentences: readonly string[]): Outcome => ({
  ...outcome,
  sentence: [outcome.sentence, ...sentences].join(" "),
});

const record = async (session: Session, problems: Problems): Promise<StepResult<Output>> => {
  const { context, evaluation, now } = session;
  const closing = closingOf(session);
  const calls = await loadEffects(context.table, evaluation.evaluationId);
  const intents = calls.intents.map(({ intent }) => intent);
  const closed = { intents, calls, ...problems };
  const ending = await closing.ending(session, closed);
  if (ending.kind === "LOST") {
    const { failure } = ending;
    return {
      output: { kind: "LOST", summary: failure.cause },
      change: (stored) => ({ ...stored, failure }),
    };
  }
  const judged = judgeOutcome({
    evaluation,
    subjectName: nameOf(evaluation.subject),
    ending,
    intents,
    ...problems,
    ...(evaluation.isHeld === undefined ? {} : { isHeld: evaluation.isHeld }),
    ...(evaluation.heldBecause === undefined ? {} : { heldBecause: evaluation.heldBecause }),
    ...(evaluation.leftBehind === undefined ? {} : { leftBehind: evaluation.leftBehind }),
  });
  const hooks = hookRuns(calls.intents, now);
  const input = { ...closed, ending, outcome: withHooks(judged, evaluation, hooks) };
  if (succeeded.includes(judged.status)) await closing.commit(session, intents);
  const { figures, problems: missing } = await figuresOf(session, input);
  const seconds = figures.downtimeSeconds ?? 0;
  const unfollowed = await followSwitch(session, input, seconds);
  const kept = await whyNot("Its place among the switches of the account is not given back", () =>
    giveBackSlot(session, judged, seconds),
  );
  const told = [...unfollowed, ...missing, ...(kept === undefined ? [] : [kept])];
  const outcome = withSentences(input.outcome, told);
  return {
    output: { kind: outcome.status, summary: outcome.sentence },
    swaps: closing.swaps(session, { ...input, outcome }),
    change: (stored) => ({
      ...stored,
      status: outcome.status,
      outcome,
      endedAt: now.toISOString(),
      ...problems,
      ...figures,
      ...(hooks.length === 0 ? {} : { hooks }),
    }),
    // Whoever evaluates next finds the target as this record says that it is.
    afterwards: () => releaseLeases(context.table, evaluation.evaluationId, evaluation.leases),
  };
};

/** Recorded already: this is a repetition, of one that died before its answer, or of long ago. */
const asRecorded = async ({ context }: Session, ended: Evaluation): Promise<Output> => {
  const { evaluationId, leases, outcome } = ended;
  await releaseLeases(context.table, evaluationId, leases);
  if (outcome !== undefined) return { kind: outcome.status, summary: outcome.sentence };
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluationId} has ended without an outcome.`,
    { resource: evaluationId },
  );
};

export const recordStep = defineEvaluationStep({
  name: "record",
  clients: ["ec2"],
  input: evaluationInputSchema.extend({ state: caughtSchema }),
  output: outputSchema,
  // What happened is recorded even if a lease was lost meanwhile.
  needsLease: false,
  whenEnded: asRecorded,
  run: (session: Session, { state }) => {
    const { evaluation } = session;
    const failure = evaluation.failure ?? failureOf(state);
    const rollbackProblem = evaluation.rollbackProblem ?? rollbackFailureOf(state)?.cause;
    return record(session, {
      ...(failure === undefined ? {} : { failure }),
      ...(rollbackProblem === undefined ? {} : { rollbackProblem }),
    });
  },
});
