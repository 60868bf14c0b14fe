/** The laboratory of what stands on Spot and leaves that by itself: nobody asks for a place. */
import type { Lab, Subject } from "./contract.ts";
import type { FunctionRuns } from "./function-runs.ts";
import { createAs, onSpot, policyOf, type LabOptions } from "./lab.ts";
import { smallMarketTypes } from "./small-market.ts";

/** Where it goes, once nobody asks for a place. */
type Going = NonNullable<Subject["goesBack"]>["to"];

/** Than the original's. */
const otherTypes = smallMarketTypes.filter((name) => name !== "m5.large");

const moving = async (options: LabOptions, to: Going, runs?: FunctionRuns): Promise<Lab> => {
  const first = { ...options.policy, dwell_hours: 0 };
  const policy = to === "SPOT" ? { ...first, excluded_types: otherTypes } : first;
  const lab = await onSpot({ ...options, policy }, { isJudged: true, to }, runs);
  await lab.clock.run({ atMostMs: lab.clock.now() + 7 * 3_600_000 });
  const later =
    to === "SPOT"
      ? { allow_moves: true, excluded_types: [], hysteresis_percent: 0, switch_cost_hours: 0 }
      : { covered_hourly_usd: 0.09 };
  const { status } = await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
    policy_overrides: { ...policyOf(options), ...first, ...later },
  });
  if (status !== 200) throw new Error(`The policy was answered with ${String(status)}.`);
  return lab;
};

/**
 * On Spot by a switch, once it may go by itself, seven hours later: to On-Demand because its owner pays that by a Savings Plan, or to a Spot pool that its owner did
 * not allow before. Evaluated is where it stands.
 */
export const createLabThatMoves = (options: LabOptions, to: Going): Promise<Lab> =>
  createAs(`moves ${to}`, options, (rest, runs) => moving(rest, to, runs));
