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
