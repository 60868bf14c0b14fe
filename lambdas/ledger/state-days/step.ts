/**
 * State days: reckons for each target what its days have saved, from what ran and what that cost then. A day is stated again until it is
 * settled; a month is the sum of its days. It reads no customer's account.
 */
import * as z from "zod";
import {
  putLedgerDay,
  putLedgerMonth,
  listLedgerDays,
} from "../../../adapters/store/ledger-days.ts";
import { updateLedgerPlace } from "../../../adapters/store/ledger-places.ts";
import { putLedgerHours } from "../../../adapters/store/ledger-hours.ts";
import { listEndedSpans, listOpenSpans } from "../../../adapters/store/ledger-spans.ts";
import { listKeptSnapshots } from "../../../adapters/store/ledger-snapshots.ts";
import { instanceHours } from "../../../core/ledger/instance-hours.ts";
import { inGroups } from "../../../core/in-groups.ts";
import { nanoOfUsd } from "../../../core/ledger/money.ts";
import { keptHours } from "../../../core/ledger/kept-hours.ts";
import { isSingle } from "../../../core/ledger/owners.ts";
import { stateDay } from "../../../core/ledger/state-day.ts";
import { monthOf, sumMonth } from "../../../core/ledger/sum-month.ts";
import { dayMs, hourMs, instantOf, stretchOfDay } from "../../../core/ledger/time.ts";
import type { KeptSnapshot } from "../../../core/model/ledger/kept-snapshot.ts";
import type { LedgerPlace } from "../../../core/model/ledger/place.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";
import type { Target } from "../../../core/model/target.ts";
import { effectivePolicy } from "../../../core/policy/policy.ts";
import { targetsIn } from "../../fleet/targets.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../../schedule/one-by-one.ts";
import { placesInLedger, type PlaceInLedger } from "../places.ts";
import { nothingKept, readEvaluationsOf } from "./evaluations.ts";
import { scoreShadows } from "./shadows.ts";
import { readPriceBook, type PriceReading } from "./prices.ts";

type Context = StepContext<"pricing" | "marketEc2">;

/** Of the 300 s that the function has. */
const budgetMs = 240_000;

/** Of a day that is not over: often enough to be looked at, and four writes of a target a day. */
const statedEveryMs = 6 * hourMs;

/** What was not settled in so long stays a range: EC2 keeps the history of Spot prices for ninety days. */
const mostDays = 35;

/** An instance's end that long ago still tells whether its target is wanted now. */
const lookedBackMs = 3 * dayMs;

/** So many targets are stated at once: each takes some ten calls of the table, one after the other. */
const atOnce = 25;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** From the first that is not settled to that of the last reading, and none before the first target was registered. */
const daysToState = (
  settledBefore: string | undefined,
  { readAt, targets }: { readonly readAt: string; readonly targets: readonly Target[] },
): readonly string[] => {
  const last = instantOf(readAt);
  const [earliest = readAt] = targets.map(({ createdAt }) => createdAt).toSorted();
  const first =
    settledBefore === undefined ? instantOf(earliest) : stretchOfDay(settledBefore).from;
  const days: string[] = [];
  for (let at = Math.max(first, last - mostDays * dayMs); dayOf(at) <= dayOf(last); at += dayMs) {
    days.push(dayOf(at));
  }
  return days;
};

interface Stating {
  /** Of the reading that all of the round rests on. */
  readonly readAt: string;
  readonly days: readonly string[];
  readonly prices: PriceReading;
  readonly snapshots: readonly KeptSnapshot[];
}

/** Something was launched, stopped or ended: else no evaluation has left anything. */
const isTouched = (spans: readonly InstanceSpan[]): boolean =>
  spans.some(
    ({ launchedBy, end, state }) =>
      launchedBy !== undefined || end !== undefined || state === "STOPPED",
  );

const stateTarget = async (
  { table, now }: Context,
  target: Target,
  { spans, readAt, days, prices, snapshots }: Stating & { readonly spans: readonly InstanceSpan[] },
): Promise<void> => {
  const { accountId, targetId } = target;
  const from = stretchOfDay(days[0] ?? dayOf(now().getTime())).from;
  const kept = isTouched(spans)
    ? await readEvaluationsOf(table, { targetId, from, spans, snapshots })
    : nothingKept;
  const { coveredHourlyUsd } = effectivePolicy(target.pipelineMode, target.policyOverrides);
  for (const day of days) {
    const ended = kept.ended.filter(({ endedAt = "" }) => endedAt.startsWith(day));
    const stated = stateDay({
      accountId,
      targetId,
      day,
      since: target.createdAt,
      statedAt: now().toISOString(),
      isSingle: isSingle(target),
      spans,
      knownUntil: readAt,
      prices: prices.book,
      coveredNanoPerHour: nanoOfUsd(coveredHourlyUsd),
      images: kept.images,
      reservations: kept.reservations,
      downtimeSeconds: ended.reduce((sum, { downtimeSeconds = 0 }) => sum + downtimeSeconds, 0),
      evaluations: ended.length,
    });
    if (stated === undefined) continue;
    const isFinal = stated.isFinal && prices.isComplete;
    await putLedgerDay(table, { ...stated, isFinal });
    if (!isFinal) continue;
    const known = { day, spans, knownUntil: readAt, prices: prices.book };
    const others = keptHours({ ...known, reservations: kept.reservations });
    await putLedgerHours(table, {
      ...{ accountId, targetId, day },
      instances: [...instanceHours(known)],
      ...(others.length > 0 && { others: [...others] }),
    });
  }
  for (const month of new Set(days.map(monthOf))) {
    const sum = sumMonth(await listLedgerDays(table, { targetId, month }));
    if (sum !== undefined) await putLedgerMonth(table, sum);
  }
};

const spansSince = async (
  { table }: Context,
  { place }: PlaceInLedger,
  fromMs: number,
): Promise<readonly InstanceSpan[]> => {
  const since = new Date(fromMs - lookedBackMs).toISOString();
  const open = await listOpenSpans(table, place);
  return [...open.values(), ...(await listEndedSpans(table, place, since))];
};

interface Round {
  readonly standing: LedgerPlace;
  /** All of them. */
  readonly places: readonly PlaceInLedger[];
  readonly turns: OneByOne;
}

interface Stated {
  /** The last that was reached; absent: all were. */
  readonly reached?: Target;
  /** Each that was reached was stated. */
  readonly isWhole: boolean;
}

/** Several at a time, in the order of their ids. One whose records can't be read keeps no other waiting. */
const stateTargets = async (
  context: Context,
  targets: readonly Target[],
  { stating, spans, turns }: { stating: Stating; spans: readonly InstanceSpan[]; turns: OneByOne },
): Promise<Stated> => {
  const byTarget = Map.groupBy(spans, ({ targetId }) => targetId);
  const stateOne = async (target: Target): Promise<boolean> => {
    const { accountId, targetId } = target;
    const own = byTarget.get(targetId);
    if (own === undefined) return true;
    const name = `The savings of target ${targetId} were not stated`;
    const done = await turns.attempt({ name, keys: { accountId, targetId } }, async () => {
      await stateTarget(context, target, { ...stating, spans: own });
      return true;
    });
    return done ?? false;
  };
  let reached: Target | undefined;
  let isWhole = true;
  for (const group of inGroups(targets, atOnce)) {
    if (reached !== undefined && !turns.hasTime()) return { reached, isWhole };
    const done = await Promise.all(group.map(stateOne));
    isWhole &&= done.every((each) => each);
    reached = group.at(-1);
  }
  return { isWhole };
};

/** All targets of a place by one reading, in as many runs as that takes: nothing is settled before all are. */
const statePlace = async (
  context: Context,
  each: PlaceInLedger,
  { standing, places, turns }: Round,
): Promise<number> => {
  const { table, now } = context;
  const { place } = each;
  const { round, settledBefore } = standing;
  const { readAt } = round ?? standing;
  const targets = (await targetsIn(table, place)).toSorted((one, other) =>
    one.targetId < other.targetId ? -1 : 1,
  );
  const days = daysToState(settledBefore, { readAt, targets });
  const { from } = stretchOfDay(days[0] ?? dayOf(now().getTime()));
  const spans = await spansSince(context, each, from);
  const within = { from, to: instantOf(readAt) };
  const prices = await readPriceBook(context, { region: place.region, spans, within, turns });
  const left = targets.filter(({ targetId }) => targetId > (round?.after ?? ""));
  const stating = { readAt, days, prices, snapshots: await listKeptSnapshots(table, place) };
  const { reached, isWhole } = await stateTargets(context, left, { stating, spans, turns });
  // Settled is what all runs of the round have found everything for.
  const lacksSome = !isWhole || !prices.isComplete || round?.lacksSome === true;
  if (reached === undefined) {
    const { accountId, region } = place;
    const name = `Verdicts in shadow mode in ${region} of account ${accountId} were not scored`;
    await turns.attempt({ name, keys: { accountId, region } }, () =>
      scoreShadows(context, { region, targets, places, readAt, turns }),
    );
  }
  await updateLedgerPlace(table, place, (stored) => {
    const { round: _last, ...rest } = stored ?? standing;
    if (reached !== undefined) {
      const { targetId: after } = reached;
      return { ...rest, round: { readAt, after, ...(lacksSome && { lacksSome }) } };
    }
    return {
      ...rest,
      statedDueAt: new Date(now().getTime() + statedEveryMs).toISOString(),
      // A Spot Instance that EC2 takes within its first hour costs nothing (state-day); what has no price now is asked for again.
      ...(!lacksSome && { settledBefore: dayOf(instantOf(readAt) - hourMs) }),
    };
  });
  return left.filter(({ targetId }) => targetId <= (reached?.targetId ?? targetId)).length;
};

const outputSchema = z.object({ kind: z.literal("STATED"), summary: z.string() });

export const stateDaysStep: Step<unknown, z.infer<typeof outputSchema>, Context> = {
  name: "state-days",
  clients: ["pricing", "marketEc2"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const turns = oneByOne(context, budgetMs);
    const counts = { places: 0, targets: 0 };
    const now = context.now().toISOString();
    const known = await placesInLedger(context.table);
    for (const each of known) {
      const { standing, place } = each;
      if (standing === undefined || (standing.statedDueAt ?? "") > now) continue;
      if (!turns.hasTime()) break;
      const { accountId, region } = place;
      const name = `The savings in ${region} of account ${accountId} were not stated`;
      const targets = await turns.attempt({ name, keys: { accountId, region } }, () =>
        statePlace(context, each, { standing, places: known, turns }),
      );
      counts.places += 1;
      counts.targets += targets ?? 0;
    }
    turns.finish();
    const { places, targets } = counts;
    return {
      kind: "STATED",
      summary: `${String(places)} places, ${String(targets)} targets stated.`,
    };
  },
};
