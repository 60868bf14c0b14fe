/** What happens in both runs, and in each at an instant of its own: it is missing in both from the earlier one on. */
import type { GroupLab } from "../../lab/group-lab.ts";

/** From when to when a member that is missing with us serves on in the twin. Milliseconds since the epoch. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Auto Scaling takes some ten seconds to act, and as long to launch: what is farther apart has another cause. */
const mostApartMs = 60_000;

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

/** A balancer finds what has come into service healthy within this time. */
const provesMs = 30_000;

const timeOf = (at: Date | undefined): number => at?.getTime() ?? 0;

/**
 * When a group scaled in because somebody else had changed its desired capacity, and whom it had launched itself was on its way just then: the group counts that one, though it serves
 * a little later only. Of a scale-in that follows our own call its activities name no such change.
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
      .filter(({ StartTime: at, EndTime: until }) => timeOf(at) <= fromMs && fromMs < timeOf(until))
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

/** Each of our run beside the one of the twin that is nearest to it; one without a fellow counts against us. */
export const rebalanceShifts = (own: GroupLab, twin: GroupLab): readonly Shift[] => {
  const left = [...rebalancedAt(twin)];
  return rebalancedAt(own).flatMap((atMs) => {
    const apart = left.map((each) => Math.abs(each - atMs));
    const nearest = Math.min(...apart);
    if (nearest > mostApartMs) return [];
    const [other = atMs] = left.splice(apart.indexOf(nearest), 1);
    return [{ fromMs: Math.min(atMs, other), toMs: Math.max(atMs, other) }];
  });
};
