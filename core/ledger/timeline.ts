/** Who served a target at each instant, who ran beside, and whether anybody was wanted: from its instance spans. */
import type { InstanceSpan, SpanEnder } from "../model/ledger/span.ts";
import { instantOf, type Stretch } from "./time.ts";

/** A stretch in which nothing begins or ends. */
export interface Segment extends Stretch {
  /** Absent: nobody serves. */
  readonly server?: InstanceSpan;
  /** Serves, or was the last to: what it is made of would be there anyway. */
  readonly standing?: InstanceSpan;
  /** All that run, whoever serves. */
  readonly running: readonly InstanceSpan[];
  /** All but the standing one, running and stopped. */
  readonly beside: readonly InstanceSpan[];
  /** WANTED: its owner has not stopped it. UNKNOWN: nobody knows whether he has. */
  readonly wish: "WANTED" | "NOT_WANTED" | "UNKNOWN";
}

const startOf = ({ startedAt }: InstanceSpan): number => instantOf(startedAt);
/** For certain until then. */
const endOf = ({ end }: InstanceSpan): number =>
  end === undefined ? Infinity : instantOf(end.earliest);

const isThere = (span: InstanceSpan, ms: number): boolean =>
  startOf(span) <= ms && ms < Math.max(endOf(span), startOf(span));

/** From when on it serves, if it does then. */
const servesSince = (span: InstanceSpan, ms: number): number | undefined => {
  const { launchedBy, serves } = span;
  if (serves === undefined) return launchedBy === undefined ? startOf(span) : undefined;
  if (serves === "NEVER") return undefined;
  const from = instantOf(serves.from);
  const until = serves.until === undefined ? Infinity : instantOf(serves.until);
  return from <= ms && ms < until ? from : undefined;
};

export const servesAt = (span: InstanceSpan, ms: number): boolean =>
  servesSince(span, ms) !== undefined;

/** The last that has begun to serve, of those that run. */
const serverAt = (running: readonly InstanceSpan[], ms: number): InstanceSpan | undefined =>
  running
    .map((span) => ({ span, since: servesSince(span, ms) }))
    .filter((one): one is { span: InstanceSpan; since: number } => one.since !== undefined)
    .toSorted((one, other) => other.since - one.since)[0]?.span;

const wishes: Readonly<Record<SpanEnder, Segment["wish"]>> = {
  EC2: "WANTED",
  US: "WANTED",
  OWNER: "NOT_WANTED",
  UNKNOWN: "UNKNOWN",
};

const enderOf = (
  before: InstanceSpan | undefined,
  there: readonly InstanceSpan[],
  ms: number,
): SpanEnder | undefined => {
  // It runs, and has been relieved: what its successor waits for is ours.
  if (before !== undefined && isThere(before, ms)) return "US";
  const stopped = there.find(({ state, stoppedBy }) => state === "STOPPED" && stoppedBy);
  return before?.end?.by ?? stopped?.stoppedBy;
};

interface TimelineInput {
  readonly spans: readonly InstanceSpan[];
  readonly within: Stretch;
  /** Of one instance: while nobody serves it is wanted all the same. A group's members come and go. */
  readonly isSingle: boolean;
}

const boundsOf = ({ spans, within }: TimelineInput): readonly number[] => {
  const bounds = spans.flatMap((span) => {
    const { serves } = span;
    const told =
      serves === undefined || serves === "NEVER"
        ? []
        : [serves.from, ...(serves.until === undefined ? [] : [serves.until])].map(instantOf);
    return [startOf(span), endOf(span), ...told];
  });
  const inside = bounds.filter((ms) => ms > within.from && ms < within.to);
  return [...new Set([within.from, ...inside, within.to])].toSorted((one, other) => one - other);
};

/** Who had served last before that, as far as the spans tell. */
const serverBefore = (spans: readonly InstanceSpan[], ms: number): InstanceSpan | undefined =>
  spans
    .filter((span) => span.state === "RUNNING" && endOf(span) <= ms)
    .filter((span) => servesAt(span, Math.max(startOf(span), endOf(span) - 1)))
    .toSorted((one, other) => endOf(other) - endOf(one))[0];

/** In order, without a gap. */
export const timelineOf = (input: TimelineInput): readonly Segment[] => {
  const { spans, within, isSingle } = input;
  const bounds = boundsOf(input);
  let last = serverBefore(spans, within.from);
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1] ?? within.to;
    const there = spans.filter((span) => isThere(span, from));
    const running = there.filter(({ state }) => state === "RUNNING");
    const server = serverAt(running, from);
    const ender = server === undefined && isSingle ? enderOf(last, there, from) : undefined;
    last = server ?? last;
    const standing = last ?? there.find(({ launchedBy }) => launchedBy === undefined);
    return {
      from,
      to,
      ...(server !== undefined && { server }),
      ...(standing !== undefined && { standing }),
      running,
      beside: there.filter((span) => span.instanceId !== standing?.instanceId),
      wish: server === undefined ? (ender === undefined ? "NOT_WANTED" : wishes[ender]) : "WANTED",
    };
  });
};

/** Spans of one instance of the target and of all that has replaced it, each. */
export const chainsOf = (
  spans: readonly InstanceSpan[],
  isSingle: boolean,
): readonly (readonly InstanceSpan[])[] => {
  if (isSingle) return spans.length === 0 ? [] : [spans];
  const replaced = new Map(spans.map(({ instanceId, replaces }) => [instanceId, replaces]));
  const firstOf = (instanceId: InstanceSpan["instanceId"]): string => {
    const seen = new Set<string>();
    let first = instanceId;
    for (let before = replaced.get(first); before && !seen.has(before);) {
      seen.add(first);
      first = before;
      before = replaced.get(first);
    }
    return first;
  };
  return [...Map.groupBy(spans, ({ instanceId }) => firstOf(instanceId)).values()];
};
