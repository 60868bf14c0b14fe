/** Scores verdicts in shadow mode once their horizon is over, and adds them to their target's month. */
import {
  listEvaluations,
  loadChosen,
  loadSubjectFacts,
} from "../../../adapters/store/evaluations.ts";
import { listEndedSpans, listOpenSpans } from "../../../adapters/store/ledger-spans.ts";
import { readShadowMonth, updateShadowMonth } from "../../../adapters/store/ledger-shadows.ts";
import { listLosses } from "../../../adapters/store/pools.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { shadowDecisions } from "../../../core/ledger/shadow-decisions.ts";
import { addScores } from "../../../core/ledger/shadow-month.ts";
import { horizonOf, scoreShadow, type ShadowDecision } from "../../../core/ledger/shadow-score.ts";
import { monthOf } from "../../../core/ledger/sum-month.ts";
import { dayMs, instantOf } from "../../../core/ledger/time.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import type { UnscoredReason } from "../../../core/model/ledger/shadow.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";
import type { Target } from "../../../core/model/target.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { OneByOne } from "../../schedule/one-by-one.ts";
import type { PlaceInLedger } from "../places.ts";
import { readPriceBook, type Priced } from "./prices.ts";

type Context = StepContext<"pricing" | "marketEc2">;

/** As far back as days are stated. */
const lookedBackMs = 35 * dayMs;

/** Of one target at a run; what is left comes at the next one. */
const mostAtOnce = 20;

type Decisions = readonly (ShadowDecision | UnscoredReason)[];

interface Due {
  readonly target: Target;
  readonly judgedAt: string;
  readonly until: string;
  readonly decisions: Decisions;
}

const decisionsOf = async (table: Table, evaluation: Evaluation): Promise<Decisions> => {
  const { evaluationId } = evaluation;
  const facts = await loadSubjectFacts(table, evaluationId);
  return shadowDecisions(evaluation, facts, await loadChosen(table, evaluationId));
};

/** Where the last scored verdict's horizon ended. */
const scoredUntil = async (table: Table, target: Target, now: Date): Promise<string> => {
  const before = new Date(now.getTime() - lookedBackMs);
  // In the first days of a month that reaches into the one before the last.
  const between = new Date(now.getTime() - lookedBackMs / 2);
  const months = [...new Set([now, between, before].map((at) => monthOf(at.toISOString())))];
  const known = await Promise.all(
    months.map((month) => readShadowMonth(table, { ...target, month })),
  );
  return (
    known
      .map((month) => month?.until ?? "")
      .toSorted()
      .at(-1) || before.toISOString()
  );
};

/** Those whose horizon is over, one after the other: a verdict within another one's horizon changes nothing. */
const dueOf = async (
  { table, now }: Context,
  target: Target,
  readAt: string,
): Promise<readonly Due[]> => {
  let until = await scoredUntil(table, target, now());
  const { targetId } = target;
  const asked = { targetId, status: "SHADOWED", from: until, limit: 100 } as const;
  const { items } = await listEvaluations(table, asked);
  const due: Due[] = [];
  for (const evaluation of items.toReversed().slice(0, mostAtOnce)) {
    const judgedAt = evaluation.verdict?.judgedAt ?? evaluation.startedAt;
    if (judgedAt < until) continue;
    const { to } = horizonOf({ judgedAt, policy: evaluation.policy });
    if (to > instantOf(readAt)) break;
    until = new Date(to).toISOString();
    due.push({ target, judgedAt, until, decisions: await decisionsOf(table, evaluation) });
  }
  return due;
};

const pricedIn = (due: readonly Due[]): readonly Priced[] =>
  due
    .flatMap(({ decisions }) => decisions)
    .flatMap((decision) => {
      if (typeof decision === "string") return [];
      const { original, offers } = decision;
      const { product } = original;
      return [
        { ...original, purchase: "ON_DEMAND" as const },
        ...offers.map(({ pool: { instanceType } }) => ({
          product,
          instanceType,
          purchase: "SPOT" as const,
        })),
      ];
    });

/** Spot Instances that ran in the region in any PROD account: they show which pools had capacity. */
const ranInRegion = async (
  table: Table,
  places: readonly PlaceInLedger[],
  { region, since }: { readonly region: string; readonly since: string },
): Promise<readonly InstanceSpan[]> => {
  const spans: InstanceSpan[] = [];
  for (const { account, place } of places) {
    if (place.region !== region || account.environment !== "PROD") continue;
    spans.push(...(await listOpenSpans(table, place)).values());
    spans.push(...(await listEndedSpans(table, place, since)));
  }
  return spans.filter(({ purchase, state }) => purchase === "SPOT" && state === "RUNNING");
};

interface Scoring {
  readonly region: string;
  readonly targets: readonly Target[];
  readonly places: readonly PlaceInLedger[];
  /** When the last complete reading of the place began. */
  readonly readAt: string;
  readonly turns: OneByOne;
}

export const scoreShadows = async (context: Context, scoring: Scoring): Promise<void> => {
  const { region, places, readAt, turns } = scoring;
  const { table } = context;
  const due: Due[] = [];
  for (const target of scoring.targets.filter(({ isShadowMode }) => isShadowMode)) {
    if (!turns.hasTime()) break;
    due.push(...(await dueOf(context, target, readAt)));
  }
  const [since] = due.map(({ judgedAt }) => judgedAt).toSorted();
  if (since === undefined) return;
  const within = { from: instantOf(since), to: instantOf(readAt) };
  const prices = await readPriceBook(context, { region, spans: pricedIn(due), within, turns });
  // A list that was not read is read at the next run: nothing is unscored for that.
  if (!prices.isComplete) return;
  const course = {
    prices: prices.book,
    losses: await listLosses(table, { region, since }),
    ran: await ranInRegion(table, places, { region, since }),
  };
  for (const { target, judgedAt, until, decisions } of due) {
    const scores = decisions.map((decision) =>
      typeof decision === "string" ? decision : scoreShadow(decision, course),
    );
    const { accountId, targetId } = target;
    const name = { accountId, targetId, month: monthOf(judgedAt) };
    await updateShadowMonth(table, name, (month) =>
      month !== undefined && month.until >= until
        ? month
        : addScores(month, name, { until, scores }),
    );
  }
};
