/** Who competes, by the name that `--policy` takes. Two variants may share a name if only one of them is probing. */
import {
  alwaysOnDemand,
  ban,
  fixedZone,
  longestStreak,
  lowestPrice,
  roundRobin,
} from "./baselines.ts";
import { frontierPolicies, ourPolicies, responsePolicies } from "./our-policies.ts";
import { ownHazard } from "./own-hazard.ts";
import type { BacktestPolicy } from "./policy.ts";

export interface Contender {
  readonly name: string;
  readonly isProbing: boolean;
  /** What is replayed; the figures are the mean over these. */
  readonly policiesFor: (zones: readonly string[]) => readonly BacktestPolicy[];
}

const contenderOf = (policy: BacktestPolicy): Contender => ({
  name: policy.name,
  isProbing: policy.isProbing,
  policiesFor: () => [policy],
});

export const contenders: readonly Contender[] = [
  contenderOf(alwaysOnDemand),
  {
    name: "fixed-zone",
    isProbing: false,
    policiesFor: (zones) => zones.map((_name, zone) => fixedZone(zone)),
  },
  ...[lowestPrice, roundRobin, longestStreak, ban(360), ban(24), ban(4), ownHazard].map(
    contenderOf,
  ),
  ...ourPolicies.map(contenderOf),
];

/** In the order in which they are reported, each once. */
export const contenderNames: readonly string[] = [...new Set(contenders.map(({ name }) => name))];

/** Not among `all`. */
const frontier: readonly Contender[] = frontierPolicies.map(contenderOf);

/** `--policy frontier`. */
export const frontierNames: readonly string[] = [...new Set(frontier.map(({ name }) => name))];

/** Not among `all` either: `--policy response`. */
const responses: readonly Contender[] = responsePolicies.map(contenderOf);

export const responseNames: readonly string[] = responses.map(({ name }) => name);

export const everyContender: readonly Contender[] = [...contenders, ...frontier, ...responses];
