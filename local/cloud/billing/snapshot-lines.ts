/**
 * What snapshots cost: each what it alone stores, since they are incremental. Where one is deleted the next of its volume takes over what
 * it still needs: "deleting a snapshot might not reduce your costs" (EBS user guide, "Delete an Amazon EBS snapshot").
 */
import type { History } from "./history.ts";
import { arnOf, lastingLines } from "./lasting.ts";
import type { BillLine } from "./line.ts";
import type { Prices } from "./prices.ts";
import type { FastRestoreFacts, SnapshotFacts } from "./sightings.ts";
import type { Span } from "./spans.ts";

/** † Of a simulated volume so much is written on when it is first copied. */
const usedShare = 0.5;

/** Blocks of 512 KiB are copied (EBS user guide, "How snapshots work"). † Each simulated write changes another. */
const gibPerWrite = 1 / 2048;

interface Stored {
  readonly [key: string]: number | boolean;
  readonly gib: number;
  readonly isArchived: boolean;
}

const factsAt = ({ entries }: History<SnapshotFacts>, atMs: number): SnapshotFacts | undefined =>
  entries.findLast((entry) => entry.atMs <= atMs)?.facts;

const bornAt = ({ entries }: History<SnapshotFacts>): number => entries[0]?.atMs ?? 0;

/** What the snapshot alone holds. @param before the next older one that is there; † without one, all that is written on */
const ownGib = (facts: SnapshotFacts, before: SnapshotFacts | undefined): number => {
  const { sizeGib, isArchived, writes } = facts;
  if (isArchived) return sizeGib;
  const used = sizeGib * usedShare;
  return before === undefined ? used : Math.min(used, (writes - before.writes) * gibPerWrite);
};

/** How much each of a volume's snapshots stores, from when to when. An archived one is whole, and nobody builds on it. */
const storedOf = (lineage: readonly History<SnapshotFacts>[]): readonly History<Stored>[] => {
  const times = [...new Set(lineage.flatMap(({ entries }) => entries.map(({ atMs }) => atMs)))];
  times.sort((one, other) => one - other);
  const byAge = [...lineage].sort((one, other) => bornAt(one) - bornAt(other));
  const results = byAge.map((each) => ({ ...each, entries: [] as History<Stored>["entries"] }));
  for (const atMs of times) {
    let before: SnapshotFacts | undefined;
    byAge.forEach((each, at) => {
      const facts = factsAt(each, atMs);
      const stored = facts && { gib: ownGib(facts, before), isArchived: facts.isArchived };
      if (bornAt(each) <= atMs) results[at]?.entries.push({ atMs, facts: stored });
      if (facts?.isArchived === false) before = facts;
    });
  }
  return results;
};

const byVolume = (
  snapshots: readonly History<SnapshotFacts>[],
): readonly (readonly History<SnapshotFacts>[])[] => [
  ...Map.groupBy(
    snapshots,
    ({ accountId, region, entries }) =>
      `${accountId} ${region} ${entries[0]?.facts?.volumeId ?? ""}`,
  ).values(),
];

export const snapshotLines = (
  prices: Prices,
  snapshots: readonly History<SnapshotFacts>[],
  within: Span,
): readonly BillLine[] =>
  byVolume(snapshots)
    .flatMap(storedOf)
    .flatMap((history) =>
      lastingLines(
        {
          service: "AmazonEC2",
          resourceId: (each) => arnOf(each, "snapshot"),
          chargesOf: ({ gib, isArchived }, region) => {
            const usage = isArchived ? "SnapshotArchiveStorage" : "SnapshotUsage";
            const rate = prices.listed(region, `EBS:${usage}`);
            return gib > 0 ? [{ rate, amount: gib, operation: "CreateSnapshot" }] : [];
          },
        },
        history,
        within,
      ),
    );

/** "Charges are pro-rated with a minimum of one hour." Source: EBS user guide, "Amazon EBS fast snapshot restore", Pricing and billing. */
const leastSecondsOfRestore = 3_600;

export const fastRestoreLines = (
  prices: Prices,
  history: History<FastRestoreFacts>,
  within: Span,
): readonly BillLine[] =>
  lastingLines(
    {
      service: "AmazonEC2",
      resourceId: (each) => arnOf({ ...each, id: each.id.split(" ")[0] ?? "" }, "snapshot"),
      leastSeconds: leastSecondsOfRestore,
      chargesOf: (_facts, region) => [
        {
          rate: prices.listed(region, "EBS:FastSnapshotRestore"),
          amount: 1,
          operation: "EnableFastSnapshotRestores",
        },
      ],
    },
    history,
    within,
  );
