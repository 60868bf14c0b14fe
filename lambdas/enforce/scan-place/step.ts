/**
 * Scan place: reads each account and region in which the enforcer is on, hourly, and flags the running instances that have no owner. It
 * changes the list and nothing else: it makes no call that could touch what it finds.
 */
import * as z from "zod";
import { describeAllGroups } from "../../../adapters/aws/autoscaling/describe.ts";
import { readContainerInstances } from "../../../adapters/aws/ecs.ts";
import { readInstanceTypes } from "../../../adapters/aws/ec2/market.ts";
import { readSeenInstances } from "../../../adapters/aws/ec2/seen-instances.ts";
import {
  forgetEnforcerIn,
  forgetFinding,
  readFindingsIn,
  updateEnforcerPlace,
  writeFinding,
} from "../../../adapters/store/enforcer.ts";
import { judgeReading, type Judged, type ReadingChanges } from "../../../core/enforce/reading.ts";
import { standingOf } from "../../../core/enforce/standing.ts";
import { effectsOf } from "../../../core/enforce/stop-effects.ts";
import type { EnforcerPlace, IncompleteReason } from "../../../core/model/enforcer.ts";
import type { SeenInstance } from "../../../core/model/seen-instance.ts";
import { readsAtPace } from "../../fleet/reads.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne } from "../../schedule/one-by-one.ts";
import { readHeld } from "../held.ts";
import { epochOf, ruleSetOf } from "../rules.ts";
import { listEnforcedPlaces, type EnforcedPlace } from "../places.ts";

export type ScanClients = "autoScaling" | "ec2" | "ecs" | "marketEc2";
type Context = StepContext<ScanClients>;

const sessionName = "enforce-scan-place";

/** Where sweeps have taken more of the account's request limits, the place is read a little later. */
const mostSecondsWaited = 10;

const minuteMs = 60_000;

/** Each hour, whatever came of it: only complete readings count. */
const intervalMs = 60 * minuteMs;

const nextReading = (now: Date): string => new Date(now.getTime() + intervalMs).toISOString();

const dueMs = ({ before }: EnforcedPlace): number =>
  before === undefined ? 0 : Date.parse(before.dueAt);

/** What there is no time for comes first in the next run. */
const longestDueFirst = (places: readonly EnforcedPlace[], now: Date): readonly EnforcedPlace[] =>
  places
    .filter((each) => dueMs(each) <= now.getTime())
    .toSorted((one, other) => dueMs(one) - dueMs(other));

/** Which of the types have disks that lose their data in a stop; a type that is not shown is in neither answer. */
const disksOf = async (
  { marketEc2 }: Context,
  region: string,
  instances: readonly SeenInstance[],
): Promise<(instance: SeenInstance) => boolean | undefined> => {
  const names = [...new Set(instances.map(({ instanceType }) => instanceType))];
  if (names.length === 0) return () => undefined;
  const types = await readInstanceTypes(marketEc2(region), names);
  const known = new Map(types.map((type) => [type.instanceType, type.instanceStoreGb > 0]));
  return ({ instanceType }) => known.get(instanceType);
};

const judge = async (
  context: Context,
  { account, place, settings }: EnforcedPlace,
): Promise<readonly Judged[] | undefined> => {
  const atPace = readsAtPace(context, place, { withinSeconds: mostSecondsWaited });
  const clients = atPace(await context.customer(account, place.region, sessionName));
  const instances = await readSeenInstances(clients.ec2);
  if (instances === undefined) return undefined;
  // Read after the instances: who joins a group meanwhile is known as its member.
  const groups = await describeAllGroups(clients.autoScaling);
  const members = new Set(
    groups.flatMap(({ Instances: some = [] }) =>
      some.flatMap(({ InstanceId }) => InstanceId ?? []),
    ),
  );
  const held = await readHeld(context.table, account.accountId);
  const containerInstances = await readContainerInstances(clients.ecs);
  const judged = instances.map((instance) => ({
    instance,
    standing: standingOf(instance, { settings, held, members, containerInstances }),
  }));
  const unowned = judged.filter(({ standing }) => standing.kind === "UNOWNED");
  const disks = await disksOf(
    context,
    place.region,
    unowned.map(({ instance }) => instance),
  );
  return judged.map((each) => ({
    ...each,
    effects: each.standing.kind === "UNOWNED" ? effectsOf(each.instance, disks(each.instance)) : [],
  }));
};

const noteIncomplete = async (
  { table, now }: Context,
  { place }: EnforcedPlace,
  because: IncompleteReason,
): Promise<void> => {
  const at = now().toISOString();
  await updateEnforcerPlace(table, place, (stored) => ({
    ...(stored ?? { ...place, stops: [] }),
    dueAt: nextReading(now()),
    incomplete: { at, because },
  }));
};

const tellPaused = ({ log }: Context, { paused, ...place }: EnforcerPlace): void => {
  if (paused === undefined) return;
  const { accountId, region } = place;
  log.warn(
    `The enforcer is paused in ${region} of account ${accountId}: the changed rules flag ${String(paused.newlyFlagged)} more of ${String(place.running ?? 0)} running instances. Nobody is told, and nothing is stopped. Next: look at GET /governance, and set the rules again, as they are or corrected.`,
    { accountId, region, enforcerPaused: paused.since },
  );
};

/** How many are newly flagged. What another run has written meanwhile stands: it is judged by the next reading. */
const keep = async (
  { table, log }: Context,
  { forget, write }: ReadingChanges,
  stored: Awaited<ReturnType<typeof readFindingsIn>>,
): Promise<number> => {
  const before = new Map<string, (typeof stored)[number]>(
    stored.map((each) => [each.finding.instanceId, each]),
  );
  let flagged = 0;
  for (const finding of write) {
    const { instanceId, accountId, region } = finding;
    const old = before.get(instanceId);
    const { kind } = await writeFinding(table, finding, old?.version);
    if (kind !== "WRITTEN" || old !== undefined) continue;
    flagged += 1;
    log.info(`${instanceId} in ${region} of account ${accountId} runs without an owner.`, {
      accountId,
      region,
      instanceId,
    });
  }
  for (const { instanceId } of forget) {
    const old = before.get(instanceId);
    if (old !== undefined) await forgetFinding(table, old);
  }
  return flagged;
};

/** Undefined: the reading is not complete. */
const scan = async (context: Context, enforced: EnforcedPlace): Promise<number | undefined> => {
  const { table } = context;
  const { place, settings } = enforced;
  const judged = await judge(context, enforced);
  if (judged === undefined) {
    await noteIncomplete(context, enforced, "NO_TAGS");
    return undefined;
  }
  const stored = await readFindingsIn(table, place);
  const now = context.now();
  const reading = {
    place,
    rows: stored.map(({ finding }) => finding),
    judged,
    settings,
    ruleSet: ruleSetOf(settings),
    epoch: await epochOf(table),
    now,
    dueAt: nextReading(now),
  };
  // The place first: its week of flags alone must stand before a finding that it judges.
  const { before } = enforced;
  const changes = judgeReading({ ...reading, before });
  await updateEnforcerPlace(
    table,
    place,
    (current) => judgeReading({ ...reading, before: current }).place,
  );
  if (changes.place.paused?.since === now.toISOString()) tellPaused(context, changes.place);
  return keep(context, changes, stored);
};

const outputSchema = z.object({ kind: z.literal("READ"), summary: z.string() });
export type Scanned = z.infer<typeof outputSchema>;

export const scanPlaceStep: Step<unknown, Scanned, Context> = {
  name: "enforce-scan-place",
  clients: ["autoScaling", "ec2", "ecs", "marketEc2"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { read: 0, failed: 0, flagged: 0 };
    const turns = oneByOne(context);
    const { on, left } = await listEnforcedPlaces(context.table, context.now());
    for (const enforced of longestDueFirst(on, context.now())) {
      if (!turns.hasTime()) break;
      const { place } = enforced;
      const item = {
        name: `${place.region} of account ${place.accountId} was not read by the enforcer`,
        keys: { ...place },
      };
      const read = await turns.attempt(item, async () => ({
        flagged: await scan(context, enforced),
      }));
      if (read === undefined) {
        await turns.attempt(item, () => noteIncomplete(context, enforced, "NOT_READ"));
      }
      counts[read?.flagged === undefined ? "failed" : "read"] += 1;
      counts.flagged += read?.flagged ?? 0;
    }
    for (const place of left) {
      const name = `What the enforcer knows of ${place.region} in account ${place.accountId} was not forgotten`;
      await turns.attempt({ name, keys: { ...place } }, () =>
        forgetEnforcerIn(context.table, place),
      );
    }
    turns.finish();
    return {
      kind: "READ",
      summary: `${String(counts.read)} places read, ${String(counts.failed)} failed, ${String(counts.flagged)} instances newly flagged.`,
    };
  },
};
