/** What an evaluation has made, or reserved, that costs on beside what serves: from when until when, by its intents and settlements. */
import type { EvaluationHead } from "../model/evaluation.ts";
import type { ChangeOf, Intent } from "../model/intent.ts";
import type { KeptSnapshot } from "../model/ledger/kept-snapshot.ts";
import type { InstanceSpan } from "../model/ledger/span.ts";
import type { HeldCapacity, KeptImage } from "./kept-things.ts";
import { instantOf, overlap, type Stretch } from "./time.ts";

type Settled = Pick<EvaluationHead, "settlements">;

const settledAt = (
  { settlements = [] }: Settled,
  { of, resource }: { readonly of: string; readonly resource: string },
): string | undefined =>
  settlements.find(
    (one) =>
      one.of === of && one.resource === resource && (one.kind === "REMOVED" || one.kind === "GONE"),
  )?.at;

const stretchOf = ({ actedAt, plannedAt, undoneAt }: Intent, gone: string | undefined): Stretch => {
  const until = undoneAt ?? gone;
  return {
    from: instantOf(actedAt ?? plannedAt),
    to: until === undefined ? Infinity : instantOf(until),
  };
};

type Imaged = ChangeOf<"CREATE_IMAGE">;

/** Undefined: AWS has told nothing of its snapshots. */
const writtenOf = (
  { imageId, snapshotIds = [] }: Imaged,
  snapshots: readonly KeptSnapshot[],
): number | undefined => {
  const own = snapshots.filter(
    (one) => one.imageId === imageId || snapshotIds.includes(one.snapshotId),
  );
  return own.length === 0 ? undefined : own.reduce((sum, { writtenGib }) => sum + writtenGib, 0);
};

/**
 * @param made.sizeGib of the volumes of the instance that they are made of
 * @param made.snapshots of the place
 */
export const imagesOf = (
  evaluation: Settled,
  intents: readonly Intent[],
  made: { readonly sizeGib: number; readonly snapshots: readonly KeptSnapshot[] },
): readonly KeptImage[] =>
  intents.flatMap((intent) => {
    const { change } = intent;
    if (change.kind !== "CREATE_IMAGE" || change.imageId === undefined) return [];
    const gone = settledAt(evaluation, { of: "EXPIRE_IMAGE", resource: change.imageId });
    const writtenGib = writtenOf(change, made.snapshots);
    return [
      {
        stretch: stretchOf(intent, gone),
        sizeGib: made.sizeGib,
        ...(writtenGib !== undefined && { writtenGib }),
      },
    ];
  });

/** What is left of it without the other. */
const without = (one: Stretch, other: Stretch): readonly Stretch[] => {
  const common = overlap(one, other);
  if (common === undefined) return [one];
  return [
    { from: one.from, to: common.from },
    { from: common.to, to: one.to },
  ].filter(({ from, to }) => from < to);
};

const runningOf = (spans: readonly InstanceSpan[]): readonly Stretch[] =>
  spans
    .filter(({ state }) => state === "RUNNING")
    .map(({ startedAt, end }) => ({
      from: instantOf(startedAt),
      to: end === undefined ? Infinity : instantOf(end.earliest),
    }));

/**
 * For as long as it stood empty: an original that a roll-back has started runs in it, and is paid for itself.
 * @param spans of that original
 */
export const reservationsOf = (
  evaluation: Settled,
  intents: readonly Intent[],
  spans: readonly InstanceSpan[],
): readonly HeldCapacity[] =>
  intents.flatMap((intent) => {
    const { change } = intent;
    if (change.kind !== "RESERVE_CAPACITY" || change.reservationId === undefined) return [];
    const { reservationId: resource, instanceType, platform: product, tenancy, endsAt } = change;
    const gone = settledAt(evaluation, { of: "RESERVE_CAPACITY", resource });
    const stretch = stretchOf(intent, gone ?? endsAt);
    const kind = { instanceType, product, tenancy, zoneId: "" };
    const started = runningOf(spans).filter(({ from }) => from > stretch.from);
    return started
      .reduce<readonly Stretch[]>(
        (left, one) => left.flatMap((each) => without(each, one)),
        [stretch],
      )
      .map((empty) => ({ reservationId: resource, stretch: empty, kind }));
  });
