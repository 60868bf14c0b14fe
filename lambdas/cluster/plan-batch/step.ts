/**
 * Plan batch: reads the group anew, asks whether this is the time, and picks the next originals with the pools that their replacements try. A
 * batch that was begun is gone on with. Nothing exists of a new one yet, so that a group that is busy is simply left in peace.
 */
import type * as z from "zod";
import { listIntents } from "../../../adapters/store/intents.ts";
import { countToGo, planBatch } from "../../../core/decide/cluster/batch.ts";
import { firstLedger } from "../../../core/decide/cluster/capacity.ts";
import { givesWay } from "../../../core/decide/cluster/gives-way.ts";
import { ledgerOfBatch } from "../../../core/decide/cluster/hidden-leave.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import { judgeEnoughRounds } from "../../../core/decide/switch/enough-rounds.ts";
import { changeOfGroup } from "../../../core/decide/cluster/stale.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { GroupFacts } from "../../../core/model/group.ts";
import { nameOf } from "../../../core/model/subject.ts";
import type { Swap } from "../../../core/model/swap.ts";
import type { Postponement } from "../../../core/model/verdict.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import {
  begunRound,
  occasionNow,
  unrestoredRound,
  waitWhileBusy,
} from "../../evaluation/rounds.ts";
import { claimGroup } from "../../evaluation/claim-group.ts";
import { readDelaysBeforeBatch } from "../delays.ts";
import { policyOf, readGroupAgain, readGroupSinceJudged, readJudgedGroup } from "../group.ts";
import { plannedChanges, withDecided } from "../planned.ts";
import { readPlaced } from "../placing.ts";
import { seenBeforeBatch } from "../sight.ts";
import { whyNotAllowed } from "../still-allowed.ts";
import { wholeClients, withProgress, type ClusterResult, type WholeSession } from "../session.ts";

const outputSchema = pollingOutput(["BATCH", "DONE", "WAITING"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;
type PlanSession = WholeSession;

const beginsForHours = 6;

const nextBatch = ({ evaluation }: PlanSession): number => (evaluation.progress.batch ?? 0) + 1;

const batchResult = (
  batch: number,
  swaps: readonly Pick<Swap, "originalId">[],
  rest: Pick<Result, "change" | "swaps"> = {},
): Result => ({
  output: {
    kind: "BATCH",
    summary: `Batch ${String(batch)}: ${swaps.map(({ originalId }) => originalId).join(", ")}.`,
  },
  round: batch,
  ...rest,
});

const countLeft = async (session: PlanSession, group: GroupFacts): Promise<number> =>
  countToGo({ ...(await readPlaced(session, group)), swaps: session.swaps });

/**
 * Before the first batch the whole conversion has not been begun: it is postponed. After it what was done stands, and the record says how many are
 * left; where none is, it has come to its end.
 */
const noMore = async (
  session: PlanSession,
  why: Postponement,
  group?: GroupFacts,
): Promise<Result> => {
  const { swaps } = session;
  const round = nextBatch(session);
  const output = { kind: "DONE", summary: why.sentence } as const;
  if (swaps.length === 0) {
    return { output, round, change: (record) => ({ ...record, postponed: why }) };
  }
  const untried = await countLeft(session, group ?? (await readGroupAgain(session)));
  return untried === 0
    ? { output, round }
    : { output, round, change: withProgress({ ended: why, untried }) };
};

const enoughBatches = ({ evaluation, now }: PlanSession): Postponement | undefined =>
  judgeEnoughRounds({
    name: nameOf(evaluation.subject),
    rounds: evaluation.progress.batch ?? 0,
    called: "batches",
    hours: beginsForHours,
    startedAt: evaluation.startedAt,
    now: now.toISOString(),
  });

/** A group at which something goes on replaces what it loses by itself. What goes on after a batch is that this one's originals leave. */
const isLeftToGroup = async (session: PlanSession, group: GroupFacts): Promise<boolean> => {
  const { evaluation, swaps } = session;
  if (!isRecovery(evaluation)) return false;
  return swaps.length === 0 || (await countLeft(session, group)) === 0;
};

/** Waits while the group is busy; at the deadline it is left for another time. */
const whileBusy = async (
  session: PlanSession,
  delay: Postponement,
  group: GroupFacts,
): Promise<Result> => {
  const round = nextBatch(session);
  const pace = isRecovery(session.evaluation) ? paces.recovery : paces.group;
  const { asgName: resource } = session.evaluation.subject;
  return (
    waitWhileBusy(session, { round, pace, resource, sentence: delay.sentence }) ??
    (await noMore(session, delay, group))
  );
};

const stale = ({ asgName }: GroupFacts, sentence: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", sentence, {
    resource: asgName,
    nextStep: "Nothing: the next evaluation judges the group as it is by then.",
  });

/** Throws StaleOriginal where the group is another than the one that was judged. */
const requireSame = async (session: PlanSession, group: GroupFacts): Promise<void> => {
  const change = changeOfGroup(await readJudgedGroup(session), group);
  if (change !== undefined) throw stale(group, change);
};

/** Throws StaleOriginal where the group would be refused by now. Once all of it is done nobody asks. */
const requireAllowed = async (session: PlanSession, group: GroupFacts): Promise<void> => {
  const why = await whyNotAllowed(session, group);
  if (why === undefined) return;
  const isDone = session.swaps.length > 0 && (await countLeft(session, group)) === 0;
  if (!isDone) throw stale(group, why);
};

const planNext = async (session: PlanSession, group: GroupFacts): Promise<Result> => {
  const { context, evaluation, swaps } = session;
  const plan = planBatch({ ...(await readPlaced(session, group)), swaps });
  const batch = nextBatch(session);
  if (plan.kind === "NONE") {
    return {
      output: { kind: "DONE", summary: plan.sentence },
      round: batch,
      ...(plan.left === (evaluation.progress.untried ?? 0)
        ? {}
        : { change: withProgress({ untried: plan.left }) }),
    };
  }
  await claimGroup(session, group, batch);
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const { ledger: last = firstLedger(group) } = evaluation.progress;
  const ledger = ledgerOfBatch(last, { intents, group });
  return batchResult(batch, plan.swaps, {
    swaps: plannedChanges(session, batch, plan.swaps),
    change: (record) => {
      const note = withProgress({ batch, ledger })(record);
      return isRecovery(record)
        ? withDecided(plan.swaps.map(({ originalId }) => originalId))(note)
        : note;
    },
  });
};

const wayGiven = (session: PlanSession, group: GroupFacts): Postponement | undefined =>
  givesWay({
    group,
    policy: policyOf(session, group),
    brought: session.swaps.flatMap(({ replacement }) =>
      replacement === undefined
        ? []
        : [
            {
              instanceId: replacement.instanceId,
              evaluationId: session.evaluation.evaluationId,
            },
          ],
    ),
    at: session.now.toISOString(),
  });

const planOnGroup = async (session: PlanSession, group: GroupFacts): Promise<Result> => {
  const answered = isRecovery(session.evaluation) ? undefined : wayGiven(session, group);
  if (answered !== undefined) return noMore(session, answered, group);
  const [delay] = await readDelaysBeforeBatch(session, group);
  if (delay === undefined) return planNext(session, group);
  return (await isLeftToGroup(session, group))
    ? noMore(session, delay, group)
    : whileBusy(session, delay, group);
};

const planOn = async (session: PlanSession): Promise<Result> => {
  const group = await readGroupSinceJudged(session);
  await requireSame(session, group);
  await requireAllowed(session, group);
  const point = await seenBeforeBatch(session, group);
  return { ...(await planOnGroup(session, group)), sight: { capacity: [point] } };
};

export const planBatchStep = defineEvaluationStep({
  name: "plan-batch",
  clients: wholeClients,
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const { batch: last } = session.evaluation.progress;
    const begun = begunRound(session, last) ?? (await unrestoredRound(session, last));
    if (begun !== undefined) {
      const swaps = session.swaps.filter(({ batch }) => batch === begun);
      return batchResult(begun, swaps, { change: withProgress({ batch: begun }) });
    }
    const isTaken = isRecovery(session.evaluation);
    const postponed = enoughBatches(session) ?? (isTaken ? undefined : await occasionNow(session));
    return postponed === undefined ? planOn(session) : noMore(session, postponed);
  },
});
