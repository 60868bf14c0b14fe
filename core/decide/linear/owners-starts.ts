/** Tells an instance that its owner stops and starts as a habit, from the launch times that evaluations have seen. */
import type { InstanceFacts } from "../../model/instance.ts";
import type { Target } from "../../model/target.ts";

const dayMs = 24 * 3_600_000;
export const watchedDays = 14;

/** One start a week is maintenance; more of them are a habit. */
const habitualStarts = 3;

type Seen = Pick<Target, "launchesSeen">;
type Launched = Pick<InstanceFacts, "launchedAt">;

/** EC2 itself tells the last launch only. In order, and no older than is looked at. */
export const launchesOf = ({ launchedAt }: Launched, { launchesSeen }: Seen): readonly string[] =>
  [...new Set([...(launchesSeen ?? []), launchedAt])]
    .filter((at) => Date.parse(at) >= Date.parse(launchedAt) - watchedDays * dayMs)
    .sort();

/** Those that a roll-back made, within a downtime that was measured, are not the owner's. */
export const ownersStarts = (
  instance: Launched,
  target: Seen & Pick<Target, "downtimes">,
): readonly string[] =>
  launchesOf(instance, target).filter(
    (at) =>
      !(target.downtimes ?? []).some(
        (down) =>
          Date.parse(at) <= Date.parse(down.at) &&
          Date.parse(at) >= Date.parse(down.at) - down.seconds * 1000,
      ),
  );

export const areHabit = (starts: readonly string[]): boolean => starts.length >= habitualStarts;
