/**
 * Sweep place: judges all targets of one account and region from one reading, records the verdicts, and starts an evaluation only
 * where something is to be done, or where only an evaluation can tell.
 */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import type { StoredNews } from "../../../adapters/store/fleet.ts";
import { forgetJudged, listJudgedIn } from "../../../adapters/store/judged-runs.ts";
import { forgetLook, listKeptLooks } from "../../../adapters/store/kept-looks.ts";
import { acquireLease, releaseLease } from "../../../adapters/store/leases.ts";
import { forgetSpotBackoff } from "../../../adapters/store/spot-backoffs.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Account } from "../../../core/model/account.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { regionSchema } from "../../../core/model/partition.ts";
import { placeKey, type Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import { registerTagged } from "../../evaluation/register-tagged.ts";
import { groupClients } from "../../fleet/asking.ts";
import { openPlace, type PlaceSession } from "../../fleet/place.ts";
import { targetsIn } from "../../fleet/targets.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../one-by-one.ts";
import { followAbsent } from "./absent.ts";
import { keepFleet, noteFleetFailure, readFleetNews } from "./fleet.ts";
import { keepGivenUp } from "./given-up.ts";
import { keepInventory } from "./inventory.ts";
import { judgeTargets, type JudgeInput } from "./judge.ts";
import { findLost, recoverLost } from "./lost.ts";
import { noteStanding } from "./standing.ts";
import { keepWatched } from "./watched.ts";
import { addCounts, noStarts, startPaced, type StartsContext } from "./starts.ts";
import { noteReturn, toStart } from "./to-start.ts";

/** And those with which instances are looked at beside. */
export const sweepPlaceClients = [...groupClients, "pricing", "serviceQuotas", "ssm"] as const;

export type SweepPlaceContext = StepContext<(typeof sweepPlaceClients)[number]> & StartsContext;

/** Of the 300 s that the function has. */
const budgetMs = 240_000;
/** As long as the function may live: who died without giving it back no longer stands in the way at the next sweep. */
const leaseSeconds = 300;

const inputSchema = z.object({ accountId: accountIdSchema, region: regionSchema });

const countSchema = z.int().nonnegative();
const outputSchema = z.object({
  /** BUSY: another sweep of the place is at work. FAILED: it could not be read, which its account says. */
  kind: z.enum(["SWEPT", "BUSY", "FAILED"]),
  summary: z.string(),
  targets: countSchema,
  judged: countSchema,
  /** Each alone. */
  looked: countSchema,
  started: countSchema,
  busy: countSchema,
  unfinished: countSchema,
  notAvailable: countSchema,
  failed: countSchema,
  postponed: countSchema,
});
type Output = z.infer<typeof outputSchema>;

const nothing = { targets: 0, judged: 0, looked: 0, ...noStarts };

const summaryOf = (counts: Omit<Output, "kind" | "summary">): string => {
  const { targets, judged, looked, started, busy, unfinished, notAvailable, failed, postponed } =
    counts;
  return (
    `${String(judged)} of ${String(targets)} judged, ${String(looked)} looked at, ${String(started)} started, ${String(busy)} busy, ` +
    `${String(unfinished)} waiting for a person, ` +
    `${String(notAvailable)} not available, ${String(failed)} failed` +
    (postponed === 0 ? "." : `, ${String(postponed)} postponed to the next sweep.`)
  );
};

interface Sweep {
  readonly place: Place;
  readonly account: Account;
  readonly targets: readonly Target[];
  /** Told of them before they were read. */
  readonly news: readonly StoredNews[];
  readonly turns: OneByOne;
}

const sessionName = "sweep";

/** @returns why nothing can be known of the place now */
const open = async (
  context: SweepPlaceContext,
  { place, account, targets }: Sweep,
): Promise<PlaceSession | SpotOptimizerError> => {
  try {
    return await openPlace(context, { account, region: place.region, targets, sessionName });
  } catch (error) {
    if (error instanceof SpotOptimizerError) return error;
    throw error;
  }
};

/** What is found is judged by the next sweep. */
const findTagged = async (
  { table, now, log }: SweepPlaceContext,
  { place, targets, turns }: Sweep,
  { reading: { instances: found } }: PlaceSession,
): Promise<void> => {
  const item = {
    name: "What is tagged is not registered before the next sweep",
    keys: { ...place },
  };
  const answers = await turns.attempt(item, () =>
    registerTagged({ table, now: now() }, place, { found, targets }),
  );
  for (const answer of answers ?? []) {
    if (answer.kind === "REFUSED") log.warn(answer.sentence, { ...place });
  }
};

/** By earlier sweeps. What they noted of targets that were deleted, or that stand elsewhere now, is forgotten. */
const readNoted = async (
  table: Table,
  { place, targets }: Sweep,
  { backoffs }: Pick<PlaceSession, "backoffs">,
): Promise<Pick<JudgeInput, "looks" | "runs"> & Pick<PlaceSession, "backoffs">> => {
  const known = new Set(targets.map(({ targetId }) => targetId));
  const runs = await listJudgedIn(table, place);
  const looks = await listKeptLooks(table, place);
  for (const targetId of runs.keys()) {
    if (!known.has(targetId)) await forgetJudged(table, place, targetId);
  }
  for (const targetId of looks.keys()) {
    if (!known.has(targetId)) await forgetLook(table, place, targetId);
  }
  for (const targetId of backoffs.keys()) {
    if (!known.has(targetId)) await forgetSpotBackoff(table, place, targetId);
  }
  return { runs, looks, backoffs };
};

const judgeAndStart = async (
  context: SweepPlaceContext,
  sweep: Sweep,
  session: PlaceSession,
): Promise<Output> => {
  const { place, account, targets, turns } = sweep;
  const { table, now } = context;
  await findTagged(context, sweep, session);
  const { reading } = session;
  await keepInventory(context, { ...sweep, ec2: session.clients.ec2, reading });
  const { runs, looks, backoffs } = await readNoted(table, sweep, session);
  const clients = () => context.customer(account, place.region, sessionName);
  // What is down waits for no request limits.
  const lost = await findLost({
    reading,
    targets,
    turns,
    log: context.log,
    ec2: async () => (await clients()).ec2,
  });
  await keepWatched(table, sweep);
  // First of all that a sweep starts: these are down.
  const recovered = await recoverLost(context, { lost, turns });
  // What EC2 has taken is not gone.
  const others = targets.filter((target) => !lost.some((one) => one === target));
  const paused = await followAbsent(context, {
    place,
    reading,
    targets: others,
    turns,
    clients: async () => session.atPace(await clients()),
  });
  const { judged, looked, unlooked, givenUp, figures } = await judgeTargets(context, {
    place,
    session,
    targets: others.filter(({ targetId }) => !paused.has(targetId)),
    runs,
    looks,
    turns,
  });
  await keepGivenUp(context, { place, session, givenUp, turns });
  const due = await toStart(context, { place, account, judged, targets: others, backoffs });
  const onStarted = noteReturn(context, { place, backoffs });
  const started = addCounts(await startPaced(context, { place, due, turns, onStarted }), recovered);
  const counts = {
    targets: targets.length,
    judged: judged.length,
    looked,
    ...started,
    postponed: started.postponed + unlooked,
  };
  await noteStanding(table, place, { now: now(), ...counts, reading });
  // It is shown and decides nothing: whatever is to be started goes first.
  await keepFleet(context, { ...sweep, reading, lost, runs, judged, figures });
  turns.finish();
  return { kind: "SWEPT", summary: summaryOf(counts), ...counts };
};

const sweepPlace = async (context: SweepPlaceContext, place: Place): Promise<Output> => {
  const { table, log, now } = context;
  const turns = oneByOne(context, budgetMs);
  const news = await readFleetNews(context, { place, turns });
  const targets = await targetsIn(table, place);
  const account = await getAccount(table, place.accountId);
  if (account === undefined || account.status === "DISABLED") {
    const counts = { ...nothing, targets: targets.length, notAvailable: targets.length };
    return { kind: "SWEPT", summary: summaryOf(counts), ...counts };
  }
  const sweep = { place, account, targets, news, turns };
  const session = await open(context, sweep);
  if (!(session instanceof SpotOptimizerError)) return judgeAndStart(context, sweep, session);
  const counts = { ...nothing, targets: targets.length };
  await noteStanding(table, place, { now: now(), ...counts, failure: session });
  await noteFleetFailure(context, { place, turns }, session);
  const summary = `Nothing is judged: ${session.message}`;
  log.warn(summary, { ...place, error: session.name });
  return { kind: "FAILED", summary, ...counts };
};

export const sweepPlaceStep: Step<Place, Output, SweepPlaceContext> = {
  name: "sweep-place",
  clients: sweepPlaceClients,
  input: inputSchema,
  output: outputSchema,
  run: async (context, place) => {
    const { table } = context;
    const resource = `PLACE#${placeKey(place)}`;
    const owner = `sweep-${context.randomId()}`;
    const wanted = { resource, owner, now: context.now(), seconds: leaseSeconds };
    const held = await acquireLease(table, wanted);
    if (held.kind !== "HELD") {
      return { kind: "BUSY", summary: "Another sweep of the place is at work.", ...nothing };
    }
    try {
      return await sweepPlace(context, place);
    } finally {
      await releaseLease(table, { resource, owner, fence: held.fence });
    }
  },
};
