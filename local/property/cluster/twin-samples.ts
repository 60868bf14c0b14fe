/** What serves for sure at each instant in the twin of a case: the same happens there a little later or earlier, and to members of another age. */
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import type { OwnerAct } from "../../lab/group-owner.ts";

/** What did happen, for the twin. */
export interface Happened {
  readonly atMs: number;
  readonly act: OwnerAct;
}

/** An instant from which a member counts in neither run. */
export interface Notice {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Disturbed {
  readonly happened: readonly Happened[];
  readonly notices: readonly Notice[];
  /** When a refresh had a member out in our run: it has one of the twin's out at an instant of its own. */
  readonly refreshed?: readonly Notice[];
}

/** By so much the same happens later or earlier in the twin: a customer's call takes some tens of milliseconds, drawn in each run. */
const toleranceMs = 1_000;

const isRefresh = ({ act }: Happened): boolean => act.kind === "REFRESH";

/** A group launches another and sees it healthy within this time. */
export const replacedWithinMs = 60_000;

interface Silence extends Notice {
  /** Members that do not answer. */
  readonly members: number;
}

/**
 * While an application does not answer, as long as the group may wait before it replaces a member that has joined late: the grace period begins with
 * each. A deficit that began with a failed check isn't ours. Source: user guide, "Set the health check grace period".
 */
const silencesOf = (happened: readonly Happened[]): readonly Silence[] =>
  happened.flatMap(({ atMs: fromMs, act }) =>
    act.kind === "SILENT" || act.kind === "FLAPPING"
      ? {
          fromMs,
          toMs: fromMs + act.seconds * 1000 + replacedWithinMs,
          members: act.kind === "SILENT" ? 1 : Infinity,
        }
      : [],
  );

const instantsOf = (
  samples: readonly CapacitySample[],
  { notices, happened, refreshed = [] }: Disturbed,
): readonly number[] => {
  const changes = samples.flatMap(({ atMs }, index) =>
    index === 0 ? [atMs] : [atMs - toleranceMs, atMs, atMs + toleranceMs, atMs + replacedWithinMs],
  );
  const lost = lossesOf({ happened, notices });
  const edges = [...notices, ...lost, ...refreshed, ...silencesOf(happened)].flatMap(
    ({ fromMs, toMs }) => [fromMs, toMs],
  );
  const refreshes = happened.filter(isRefresh).map(({ atMs }) => atMs);
  return [...new Set([...changes, ...edges, ...refreshes])].sort((one, other) => one - other);
};

/** From when on each run takes members out at instants of its own: a refresh replaces one after the other, each by its own warm-up. */
const refreshedFrom = (happened: readonly Happened[]): number =>
  Math.min(...happened.filter(isRefresh).map(({ atMs }) => atMs));

/** Who ends by other hands, and is replaced. */
const lossesOf = ({ happened, notices }: Disturbed): readonly Notice[] =>
  [
    ...happened
      .filter(({ act }) => act.kind === "LOSE" || (act.kind === "TERMINATE" && !act.decrements))
      .map(({ atMs }) => atMs),
    ...notices.map(({ toMs }) => toMs),
  ].map((fromMs) => ({ fromMs, toMs: fromMs + replacedWithinMs }));

/** Of the last minute: the group launches what somebody asks for now at its next look, which comes sooner or later. A deficit that began with a scale-out isn't ours. */
const askedFor = (samples: readonly CapacitySample[], atMs: number): number =>
  Math.min(
    ...samples
      .filter((each, index) => {
        const untilMs = samples[index + 1]?.atMs ?? Infinity;
        return each.atMs <= atMs && atMs - replacedWithinMs < untilMs;
      })
      .map(({ desired }) => desired),
  );

const isDuring =
  (atMs: number) =>
  ({ fromMs, toMs }: Notice): boolean =>
    fromMs <= atMs && atMs < toMs;

/**
 * Who is lost or silent is missing in both runs until the group has replaced him, at its next look, which comes sooner or later. A refresh may take one more just then, in one of the
 * two.
 */
const missingFrom = (
  asked: number,
  { isRefreshing, missing }: { readonly isRefreshing: boolean; readonly missing: number },
): number => asked - missing - (isRefreshing && missing > 0 ? 1 : 0);

/** What serves in the twin at each instant for sure: the least within the tolerance, and without a member that others than we took out. */
export const atLeast = (
  samples: readonly CapacitySample[],
  { notices: announced, happened, refreshed = [] }: Disturbed,
  shifts: readonly Notice[],
): readonly CapacitySample[] => {
  const notices = [...announced, ...shifts];
  const refreshMs = refreshedFrom(happened);
  const silences = silencesOf(happened);
  const losses = lossesOf({ happened, notices: announced });
  const isNear = (each: CapacitySample, atMs: number): boolean =>
    (atMs >= refreshMs && each.atMs >= refreshMs) || Math.abs(each.atMs - atMs) <= toleranceMs;
  return instantsOf(samples, { notices, happened, refreshed }).flatMap((atMs) => {
    const sample = samples.findLast((each) => each.atMs <= atMs) ?? samples[0];
    if (sample === undefined) return [];
    const near = [
      ...samples.filter((each) => isNear(each, atMs)),
      samples.findLast((each) => each.atMs <= atMs - toleranceMs) ?? sample,
    ];
    const asked = askedFor(samples, atMs);
    const under = notices.filter(isDuring(atMs)).length;
    const silent = silences.filter(isDuring(atMs)).reduce((sum, { members }) => sum + members, 0);
    const missing = silent + losses.filter(isDuring(atMs)).length;
    const serving = Math.min(
      sample.serving,
      asked - refreshed.filter(isDuring(atMs)).length,
      missingFrom(asked, { isRefreshing: atMs >= refreshMs, missing }),
      ...near.map((each) => each.serving),
    );
    return [{ ...sample, atMs, serving: Math.max(0, serving - under) }];
  });
};

/**
 * Who sets the desired capacity to what stands already, with our surplus in it, says nothing that could be seen, and it is taken off again: what the twin
 * has above what is asked for with us counts in neither run. Where he asks for it anew, the group launches them only now.
 */
export const withoutUnseen = (
  twin: readonly CapacitySample[],
  own: readonly CapacitySample[],
): readonly CapacitySample[] => {
  const at = (samples: readonly CapacitySample[], atMs: number): CapacitySample | undefined =>
    samples.findLast((each) => each.atMs <= atMs) ?? samples[0];
  const unseenAt = (atMs: number): number =>
    Math.max(0, (at(twin, atMs)?.desired ?? 0) - (at(own, atMs)?.asked ?? 0));
  const changes = [...new Set([...twin, ...own].map(({ atMs }) => atMs))];
  /** Up to that instant, and not for the moment that a call takes. */
  const stoodUntil = (atMs: number): number =>
    Math.min(unseenAt(atMs - 1), unseenAt(atMs - 1 - toleranceMs));
  const instants = [...new Set(changes.flatMap((atMs) => [atMs, atMs + replacedWithinMs]))].sort(
    (one, other) => one - other,
  );
  return instants.flatMap((atMs) => {
    const sample = at(twin, atMs);
    if (sample === undefined) return [];
    const lately = changes.filter((each) => atMs - replacedWithinMs < each && each <= atMs);
    const unseen = Math.max(unseenAt(atMs), ...lately.map(stoodUntil));
    return [{ ...sample, atMs, serving: Math.max(0, sample.serving - unseen) }];
  });
};
