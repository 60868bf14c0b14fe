/** What a reading of a place changes in the record of what ran: what has begun, what has ended, and by whom as far as EC2 tells. */
import type { InstanceId, TargetId } from "../model/ids.ts";
import type { ShownInstance } from "../model/ledger/shown.ts";
import type { InstanceSpan, SpanEnder } from "../model/ledger/span.ts";
import { instantOf } from "./time.ts";

export interface PlaceShown {
  readonly accountId: InstanceSpan["accountId"];
  readonly region: string;
  /** When the reading began, ISO 8601. */
  readonly readAt: string;
  /** When the complete one before it began. Absent: it is the first. */
  readonly lastReadAt?: string;
  /** All that EC2 shows, ended ones included. */
  readonly shown: readonly ShownInstance[];
  /** Of those that stand for a target. */
  readonly owners: ReadonlyMap<InstanceId, TargetId>;
  /** Open spans, by instance. */
  readonly open: ReadonlyMap<InstanceId, InstanceSpan>;
  /** Of ended spans of the last hours, see `spanName`: they are not noted twice. */
  readonly ended: ReadonlySet<string>;
}

export interface SpanChanges {
  /** Open ones, and those that are over already. Their volumes are not read yet. */
  readonly begun: readonly InstanceSpan[];
  readonly ended: readonly InstanceSpan[];
  /** Open ones whose volumes are others than they were. */
  readonly changed: readonly InstanceSpan[];
}

export const spanName = ({ instanceId, startedAt }: InstanceSpan): string =>
  `${instanceId}#${startedAt}`;

/** EC2 may show a launch some time after it was made. */
const shownAfterMs = 10 * 60_000;

const isUp = ({ state }: ShownInstance): boolean => state === "pending" || state === "running";
const isDown = ({ state }: ShownInstance): boolean => state === "stopping" || state === "stopped";

/** It has not come to run, and is not billed. Source: EC2 API reference, StateReason. */
const neverRan = (reason: string): boolean =>
  /^Client\.(InternalError|Invalid|VolumeLimitExceeded)/.test(reason);

/** By whom as EC2 has it: what a user has ended we may have ended. */
const enderOf = (reason: string | undefined): SpanEnder => {
  if (reason === undefined) return "UNKNOWN";
  return reason.startsWith("Server.") ? "EC2" : "OWNER";
};

type End = NonNullable<InstanceSpan["end"]>;

const endAt = (at: string, by: SpanEnder): End => ({ earliest: at, latest: at, by });

const later = (one: string, other: string): string => (one > other ? one : other);

/** Where EC2 does not say when, it was between two readings. */
const endOf = (
  { startedAt }: Pick<InstanceSpan, "startedAt">,
  shown: ShownInstance | undefined,
  { readAt, lastReadAt = startedAt }: PlaceShown,
): End => {
  const by = enderOf(shown?.reason);
  if (shown?.endedAt !== undefined) return endAt(later(startedAt, shown.endedAt), by);
  return { earliest: later(startedAt, lastReadAt), latest: later(startedAt, readAt), by };
};

const runningSpan = (
  shown: ShownInstance,
  { accountId, region }: PlaceShown,
  targetId: TargetId,
): InstanceSpan => {
  const { instanceId, instanceType, product, tenancy, zoneId, lifecycle } = shown;
  const { hasLentAddress, lentAddressOf } = shown;
  return {
    accountId,
    region,
    targetId,
    instanceId,
    state: "RUNNING",
    instanceType,
    product,
    tenancy,
    zoneId,
    purchase: lifecycle === "spot" ? "SPOT" : "ON_DEMAND",
    hasLentAddress,
    ...(lentAddressOf !== undefined && { lentAddressOf }),
    volumes: [],
    startedAt: shown.launchedAt,
  };
};

/** What one span hands down to the next one of the same instance. */
const inherited = (
  before: InstanceSpan | undefined,
): Partial<Pick<InstanceSpan, "volumes" | "launchedBy" | "replaces" | "baseline" | "serves">> => {
  const { volumes, launchedBy, replaces, baseline, serves } = before ?? {};
  return {
    ...(volumes !== undefined && { volumes }),
    ...(launchedBy !== undefined && { launchedBy }),
    ...(replaces !== undefined && { replaces }),
    ...(baseline !== undefined && { baseline }),
    ...(serves !== undefined && { serves }),
  };
};

const stoppedSpan = (
  shown: ShownInstance,
  place: PlaceShown,
  { targetId, before }: { readonly targetId: TargetId; readonly before?: InstanceSpan | undefined },
): InstanceSpan => ({
  ...runningSpan(shown, place, targetId),
  ...inherited(before),
  state: "STOPPED",
  hasLentAddress: false,
  startedAt: before?.end?.latest ?? shown.endedAt ?? place.readAt,
  stoppedBy: before?.end?.by ?? enderOf(shown.reason),
});

const none: SpanChanges = { begun: [], ended: [], changed: [] };

/** It began since the last reading, or none has been made: what is over by now would have been seen then. */
const isNew = ({ launchedAt }: ShownInstance, { lastReadAt }: PlaceShown): boolean =>
  lastReadAt !== undefined && instantOf(launchedAt) > instantOf(lastReadAt) - shownAfterMs;

/** Nothing stands there of it. */
const first = (shown: ShownInstance, place: PlaceShown, targetId: TargetId): SpanChanges => {
  const running = runningSpan(shown, place, targetId);
  if (isUp(shown)) return { ...none, begun: [running] };
  const isCounted = place.ended.has(spanName(running)) || neverRan(shown.reason ?? "");
  const short =
    isNew(shown, place) && !isCounted ? [{ ...running, end: endOf(running, shown, place) }] : [];
  if (!isDown(shown)) return { ...none, begun: short };
  return { ...none, begun: [...short, stoppedSpan(shown, place, { targetId, before: short[0] })] };
};

const isSameVolumes = (span: InstanceSpan, { volumeIds }: ShownInstance): boolean =>
  span.volumes.length === volumeIds.length &&
  span.volumes.every(({ volumeId }) => volumeIds.includes(volumeId));

/** As far as it is the same span still. */
const goesOn = (span: InstanceSpan, shown: ShownInstance): boolean =>
  span.state === "RUNNING"
    ? isUp(shown) && span.startedAt === shown.launchedAt
    : isDown(shown) && shown.launchedAt <= span.startedAt;

/** It was stopped and started, or started and stopped, since. */
const next = (
  ended: InstanceSpan,
  shown: ShownInstance,
  place: PlaceShown,
): readonly InstanceSpan[] => {
  const { targetId } = ended;
  const again = { ...runningSpan(shown, place, targetId), ...inherited(ended) };
  if (isUp(shown)) return [again];
  if (!isDown(shown)) return [];
  if (ended.state === "RUNNING" && ended.startedAt === shown.launchedAt) {
    return [stoppedSpan(shown, place, { targetId, before: ended })];
  }
  const over = { ...again, end: endOf(again, shown, place) };
  return [over, stoppedSpan(shown, place, { targetId, before: over })];
};

const endOfKnown = (
  span: InstanceSpan,
  shown: ShownInstance | undefined,
  place: PlaceShown,
): End => {
  const isStartedSince = shown !== undefined && shown.launchedAt > span.startedAt;
  if (!isStartedSince) return endOf(span, shown, place);
  if (span.state === "STOPPED") return endAt(shown.launchedAt, "UNKNOWN");
  // EC2 shows the last stop alone: this one was some time before it was started again.
  const { lastReadAt = span.startedAt } = place;
  const earliest = later(span.startedAt, lastReadAt);
  return { earliest, latest: later(earliest, shown.launchedAt), by: "UNKNOWN" };
};

const known = (
  span: InstanceSpan,
  shown: ShownInstance | undefined,
  place: PlaceShown,
): SpanChanges => {
  if (shown === undefined) {
    const isMissed = instantOf(place.readAt) - instantOf(span.startedAt) > shownAfterMs;
    return isMissed ? { ...none, ended: [{ ...span, end: endOf(span, undefined, place) }] } : none;
  }
  if (goesOn(span, shown)) {
    return isSameVolumes(span, shown) ? none : { ...none, changed: [span] };
  }
  const ended = { ...span, end: endOfKnown(span, shown, place) };
  const isVoid = span.state === "RUNNING" && neverRan(shown.reason ?? "");
  const over = isVoid ? { ...ended, end: endAt(span.startedAt, "EC2") } : ended;
  return { ...none, ended: [over], begun: next(over, shown, place) };
};

export const changesOfSpans = (place: PlaceShown): SpanChanges => {
  const { shown, owners, open } = place;
  const byId = new Map(shown.map((one) => [one.instanceId, one]));
  const ofOpen = [...open.values()].map((span) => known(span, byId.get(span.instanceId), place));
  const ofOthers = shown
    .filter(({ instanceId }) => !open.has(instanceId))
    .map((one) => {
      const targetId = owners.get(one.instanceId);
      return targetId === undefined ? none : first(one, place, targetId);
    });
  const all = [...ofOpen, ...ofOthers];
  return {
    begun: all.flatMap(({ begun }) => begun),
    ended: all.flatMap(({ ended }) => ended),
    changed: all.flatMap(({ changed }) => changed),
  };
};
