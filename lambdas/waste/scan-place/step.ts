/**
 * Scan for waste: once a day, reads what each account that has turned it on has in a region, counts the days that something looks like
 * waste, and asks about what is to be shown. It changes the list of findings and nothing else.
 */
import * as z from "zod";
import { readWastePrices } from "../../../adapters/aws/waste-prices.ts";
import { readApprovalsVoid } from "../../../adapters/store/approval-settings.ts";
import {
  wasteIdOf,
  forgetWaste,
  noteScan,
  readWasteIn,
  writeWaste,
  type StoredFinding,
} from "../../../adapters/store/waste-findings.ts";
import { tell } from "../../../adapters/store/outbox.ts";
import { inGroups } from "../../../core/in-groups.ts";
import { wasteKinds, type WasteFinding } from "../../../core/model/waste/finding.ts";
import { noticeOfWaste } from "../../../core/notice/of-waste.ts";
import type { WastePrices } from "../../../core/model/waste/price.ts";
import { judgeInventory, type Inventory } from "../../../core/waste/inventory.ts";
import {
  afterLookUp,
  inOrder,
  isLookUpDue,
  judgeWaste,
  nextScan,
  type WasteChanges,
} from "../../../core/waste/reading.ts";
import { readsAtPace } from "../../fleet/reads.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../../schedule/one-by-one.ts";
import { readClaimedIds } from "../claimed-ids.ts";
import { readInventory, type ScanClientNames } from "./inventory.ts";
import { askedOnce } from "../look-ups.ts";
import { lookUpAny, readAllMetrics, type Scanned } from "./look-ups.ts";
import { duePlaces, type ScannedPlace } from "../places.ts";

type Context = StepContext<ScanClientNames | "pricing">;

const sessionName = "waste-scan";

/** Of the 300 s that the function has. */
const budgetMs = 240_000;

/** So many findings are written at once. */
const writesAtOnce = 25;

interface Scan {
  readonly turns: OneByOne;
  readonly claimedIds: ReadonlySet<string>;
  readonly voidUntil: string | undefined;
}

const pricesIn = (
  { pricing }: Context,
  { place }: ScannedPlace,
  { turns }: Scan,
): Promise<WastePrices | undefined> =>
  turns.attempt(
    { name: `The price list of ${place.region} was not read`, keys: { region: place.region } },
    () => readWastePrices(pricing, place.region),
  );

const changesOf = async (
  context: Context,
  scanned: ScannedPlace,
  {
    lists,
    stored,
    scan,
  }: {
    readonly lists: Partial<Inventory>;
    readonly stored: readonly StoredFinding[];
    readonly scan: Scan;
  },
): Promise<WasteChanges & { readonly incomplete: readonly string[] }> => {
  const { place, settings } = scanned;
  const now = context.now();
  const prices = await pricesIn(context, scanned, scan);
  const { claimedIds, voidUntil } = scan;
  const { seen, complete } = judgeInventory(lists, { place, settings, claimedIds, prices, now });
  const changes = judgeWaste({
    place,
    findings: stored.map(({ finding }) => finding),
    seen,
    complete,
    settings,
    idOf: (kind, resourceId) => wasteIdOf(place, kind, resourceId),
    now,
    tableName: context.table.name,
    voidUntil,
  });
  return { ...changes, incomplete: wasteKinds.filter((kind) => !complete.has(kind)) };
};

/** What is to be shown is asked about, the best find first, as long as there is time. */
const lookAtEach = async (
  look: Scanned,
  findings: readonly WasteFinding[],
  { turns }: Scan,
): Promise<{ readonly findings: readonly WasteFinding[]; readonly hasMore: boolean }> => {
  const due = inOrder(findings.filter((one) => isLookUpDue(one, look.settings, look.now)));
  const told = { name: "The metrics of what may be waste were not read", keys: {} };
  const metrics =
    due.length === 0 ? undefined : await turns.attempt(told, () => readAllMetrics(look, due));
  const after = new Map<string, WasteFinding>();
  let hasMore = false;
  for (const finding of due) {
    if (!turns.hasTime()) {
      hasMore = true;
      break;
    }
    const { kind, resourceId, accountId, region } = finding;
    const item = { name: `${kind} ${resourceId} was not asked about`, keys: { accountId, region } };
    const answer = await turns.attempt(item, () => lookUpAny(look, finding, metrics ?? new Map()));
    if (answer !== undefined) after.set(finding.findingId, afterLookUp(finding, answer, look.now));
  }
  return { findings: findings.map((one) => after.get(one.findingId) ?? one), hasMore };
};

/** Somebody who has written one meanwhile, by a dismissal or a deletion, is right. */
const store = async (
  { table }: Context,
  stored: readonly StoredFinding[],
  changes: WasteChanges,
): Promise<void> => {
  const before = new Map(stored.map((one) => [one.finding.findingId, one]));
  for (const group of inGroups(changes.write, writesAtOnce)) {
    await Promise.all(
      group.map((finding) => writeWaste(table, finding, before.get(finding.findingId)?.version)),
    );
  }
  for (const { findingId } of changes.forget) {
    const one = before.get(findingId);
    if (one !== undefined) await forgetWaste(table, one);
  }
};

interface ScannedCounts {
  readonly shown: number;
  readonly hasMore: boolean;
}

const scanPlace = async (
  context: Context,
  scanned: ScannedPlace,
  scan: Scan,
): Promise<ScannedCounts> => {
  const { account, place, settings } = scanned;
  const atPace = readsAtPace(context, place);
  const clients = atPace(await context.customer(account, place.region, sessionName));
  const lists = await readInventory(clients, { turns: scan.turns, place });
  const stored = await readWasteIn(context.table, place);
  const { write, forget, incomplete } = await changesOf(context, scanned, { lists, stored, scan });
  const { loadBalancers = [] } = lists;
  const look = {
    clients,
    settings,
    now: context.now(),
    loadBalancers,
    olderTemplates: askedOnce(clients),
    asksForReports: true,
  };
  const { findings, hasMore } = await lookAtEach(look, write, scan);
  await store(context, stored, { write: findings, forget });
  await noteScan(context.table, place, {
    dueAt: nextScan(context.now(), { wasRead: incomplete.length === 0, hasMore }),
    readAt: context.now().toISOString(),
    incomplete: [...incomplete],
  });
  const isWhole = incomplete.length === 0 && !hasMore;
  const notice = noticeOfWaste(place, findings, context.now().toISOString());
  if (isWhole && notice !== undefined) await tell(context.table, notice);
  const shown = findings.filter(({ status }) => status === "OFFERED" || status === "REPORTED");
  return { shown: shown.length, hasMore };
};

const outputSchema = z.object({ kind: z.literal("SCANNED"), summary: z.string() });

export const scanPlaceStep: Step<unknown, z.infer<typeof outputSchema>, Context> = {
  name: "scan-place",
  clients: ["autoScaling", "backup", "cloudFormation", "cloudWatch", "ec2", "elb", "pricing"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const { table } = context;
    const turns = oneByOne(context, budgetMs);
    const due = await duePlaces(table, context.now());
    const counts = { read: 0, failed: 0, shown: 0 };
    const scan = {
      turns,
      claimedIds: due.length === 0 ? new Set<string>() : await readClaimedIds(table, context.now()),
      voidUntil: await readApprovalsVoid(table),
    };
    for (const scanned of due) {
      if (!turns.hasTime()) break;
      const { accountId, region } = scanned.place;
      const item = {
        name: `${region} of account ${accountId} was not scanned`,
        keys: { accountId, region },
      };
      const result = await turns.attempt(item, () => scanPlace(context, scanned, scan));
      counts[result === undefined ? "failed" : "read"] += 1;
      counts.shown += result?.shown ?? 0;
      if (result !== undefined) continue;
      const dueAt = nextScan(context.now(), { wasRead: false, hasMore: false });
      await turns.attempt(item, () => noteScan(table, scanned.place, { dueAt }));
    }
    turns.finish();
    const { read, failed, shown } = counts;
    return {
      kind: "SCANNED",
      summary: `${String(read)} places read, ${String(failed)} not read, ${String(shown)} findings shown.`,
    };
  },
};
