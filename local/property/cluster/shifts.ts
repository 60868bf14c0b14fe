/** What happens in both runs, and in each at an instant of its own: it is missing in both from the earlier one on. */
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import type { GroupLab } from "../../lab/group-lab.ts";
import { replacedWithinMs } from "./twin-samples.ts";

/** From when to when a member that is missing with us serves on in the twin. Milliseconds since the epoch. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
}

const timeOf = (at: Date | undefined): number => at?.getTime() ?? 0;

/** Auto Scaling takes some ten seconds to act, and as long to launch: what is farther apart has another cause. */
const mostApartMs = 60_000;

/** Calls that make or unmake members, or places for them. */
const membership: ReadonlySet<string> = new Set([
  "AttachInstances",
  "DetachInstances",
  "SetDesiredCapacity",
  "TerminateInstanceInAutoScalingGroup",
  "UpdateAutoScalingGroup",
]);

/**
 * When the group took members out to balance its zones, which it does though what it launched for them is not healthy yet. Its activities say so in the words
 * of a scale-in, and select nobody.
 */
const rebalancedAt = ({ platform, name }: GroupLab): readonly number[] =>
  platform.autoScaling.control
    .activities(name)
    .filter(
      ({ Description: what = "", Cause: cause = "" }) =>
        what.startsWith("Terminating") &&
        cause.includes("difference between desired and actual capacity") &&
        !cause.includes("was selected for termination"),
    )
    .map(({ StartTime: at }) => at?.getTime() ?? 0)
    .toSorted((one, other) => one - other);

/** Members of the fullest zone minus those of the emptiest, which may have none: rebalancing launches there, and ends one elsewhere. */
export const spreadOf = (
  { members, zones }: Pick<GroupSummary, "members" | "zones">,
  isCounted: (member: GroupSummary["members"][number]) => boolean = () => true,
): number => {
  const counts = zones.map(
    (zone) => members.filter((member) => member.zoneName === zone && isCounted(member)).length,
  );
  return Math.max(0, ...counts) - Math.min(...counts);
};

/**
 * When a refresh of the owner's has a member out in our run, until the group has launched another for it. It replaces what we had attached as well, and goes on for longer than
 * in the twin.
 */
export const refreshedOut = ({ platform, name }: GroupLab): readonly Shift[] =>
  platform.autoScaling.control
    .activities(name)
    .filter(({ Cause: cause = "" }) => cause.includes("in response to an instance refresh"))
    .map(({ StartTime: at }) => ({ fromMs: timeOf(at), toMs: timeOf(at) + replacedWithinMs }));

/** What stays: who leaves is balanced no longer. */
export const isEven = (group: GroupSummary): boolean =>
  spreadOf(group, ({ state }) => state === "InService" || state.startsWith("Pending")) <= 1;

/** A balancer finds what has come into service healthy within this time. */
const provesMs = 30_000;

/**
 * When a group scaled in because somebody else had changed its desired capacity, and whom it had launched itself was on its way just then, or in service and not found healthy yet: the
 * group counts that one, though it serves a little later only. Of a scale-in that follows our own call its activities name no such change.
 */
const scaledInWhileLaunching = ({ platform, name }: GroupLab): readonly Shift[] => {
  const activities = platform.autoScaling.control.activities(name);
  const launches = activities.filter(({ Description: what = "" }) => what.startsWith("Launching"));
  const scaleIns = activities.filter(({ Cause: cause = "" }) =>
    cause.includes("was selected for termination"),
  );
  return [...Map.groupBy(scaleIns, ({ StartTime: at }) => timeOf(at))].flatMap(([fromMs, some]) => {
    const isAsked = some.some(({ Cause: cause = "" }) =>
      cause.includes("changing the desired capacity from"),
    );
    if (!isAsked) return [];
    return launches
      .filter(
        ({ StartTime: at, EndTime: until }) =>
          timeOf(at) <= fromMs && fromMs < timeOf(until) + provesMs,
      )
      .slice(0, some.length)
      .map(({ EndTime: until }) => ({ fromMs, toMs: timeOf(until) + provesMs }));
  });
};

/** Of our run, as far as the twin shows none of its own at that time. */
export const launchShifts = (own: GroupLab, twin: GroupLab): readonly Shift[] => {
  const shown = scaledInWhileLaunching(twin);
  return scaledInWhileLaunching(own).filter(
    ({ fromMs }) => !shown.some((other) => Math.abs(other.fromMs - fromMs) <= mostApartMs),
  );
};

/**
 * Between these two no call that we made changed who is a member: what the group did then it did because of others. Milliseconds since the epoch.
 */
const isUntouched = ({ platform }: GroupLab, fromMs: number, toMs: number): boolean =>
  !platform.cloud.journal.some(
    ({ operation, sessionName, hadEffect, at }) =>
      hadEffect &&
      sessionName !== undefined &&
      membership.has(operation) &&
      fromMs <= at &&
      at <= toMs,
  );

/** Auto Scaling looks some every ten seconds: what is asked for in the instant of a look is launched at that one, or at the next. */
const looksApartMs = 20_000;

interface AskedLaunch {
  /** By whom, when, and from how many to how many, as the activity says it. */
  readonly asked: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the group has launched because somebody else had changed its desired capacity. */
const askedLaunches = ({ platform, name }: GroupLab): readonly AskedLaunch[] =>
  platform.autoScaling.control
    .activities(name)
    .flatMap(({ Description: what = "", Cause: cause = "", StartTime: at, EndTime: until }) => {
      const asked = /^At .*? changing the desired capacity from \d+ to \d+\./.exec(cause)?.[0];
      return asked === undefined || !what.startsWith("Launching")
        ? []
        : [{ asked, fromMs: timeOf(at), toMs: timeOf(until) }];
    });

/** Launched for the same in both runs, with us a look later, and we made no call in between: it serves later for that. */
export const lookShifts = (own: GroupLab, twin: GroupLab): readonly Shift[] => {
  const left = [...askedLaunches(twin)];
  return askedLaunches(own).flatMap(({ asked, fromMs, toMs }) => {
    const fellow = left.findIndex(
      (one) => one.asked === asked && one.fromMs < fromMs && fromMs - one.fromMs <= looksApartMs,
    );
    const [other] = fellow === -1 ? [] : left.splice(fellow, 1);
    return other !== undefined && isUntouched(own, other.fromMs, fromMs)
      ? [{ fromMs: other.toMs, toMs: toMs + provesMs }]
      : [];
  });
};

/**
 * From the one instant to the other a member was detached by us: the group balances nothing until whoever drains has left it. Milliseconds since the epoch.
 */
const isHeldUp = ({ platform, name }: GroupLab, fromMs: number, toMs: number): boolean =>
  platform.autoScaling.control
    .activities(name)
    .some(
      ({ Description: what = "", StartTime: at, EndTime: until }) =>
        what.startsWith("Detaching") &&
        timeOf(at) - fromMs <= mostApartMs &&
        timeOf(until) <= toMs &&
        toMs - timeOf(until) <= mostApartMs,
    );

/**
 * Each of our run beside the one of the twin that is nearest to it. One without a fellow counts against us, unless its owner had taken a member out of even
 * zones since (`unevenMs`, each of them for one), and no call that we made since: in the twin another one, of another zone, went by the same act. Who is launched for the balance serves a
 * little later than he counts.
 */
export const rebalanceShifts = (
  own: GroupLab,
  twin: GroupLab,
  unevenMs: readonly number[] = [],
): readonly Shift[] => {
  const left = [...rebalancedAt(twin)];
  const uneven = [...unevenMs];
  return rebalancedAt(own).flatMap((atMs) => {
    const apart = left.map((each) => Math.abs(each - atMs));
    const nearest = Math.min(...apart);
    if (nearest <= mostApartMs) {
      const [other = atMs] = left.splice(apart.indexOf(nearest), 1);
      return [{ fromMs: Math.min(atMs, other), toMs: Math.max(atMs, other) }];
    }
    const earlier = left.findLastIndex((each) => each < atMs && isHeldUp(own, each, atMs));
    if (earlier !== -1) {
      left.splice(earlier, 1);
      return [{ fromMs: atMs, toMs: atMs + provesMs }];
    }
    const place = uneven.findLastIndex((each) => each <= atMs && isUntouched(own, each, atMs));
    if (place === -1) return [];
    uneven.splice(place, 1);
    return [{ fromMs: atMs, toMs: atMs + provesMs }];
  });
};
