/** Holds what a restored table says of a target against the instances that stand in its account: another one may serve by now. */
import type { InstanceState } from "../model/instance.ts";
import type { Target } from "../model/target.ts";

/**
 * ANOTHER_RUNS: an instance that was launched for the target runs, and is not the table's. NOT_RUNNING and NOT_SHOWN: none runs,
 * so that nothing can be mistaken for what serves.
 */
export const restoredTargetStandings = ["ANOTHER_RUNS", "NOT_RUNNING", "NOT_SHOWN"] as const;

export interface RestoredTarget extends Pick<
  Target,
  "accountId" | "instanceId" | "region" | "targetId"
> {
  readonly standing: (typeof restoredTargetStandings)[number];
  /** Ids of others that carry the target's tag. */
  readonly running: readonly string[];
  readonly sentence: string;
}

export interface TargetInWorld {
  /** Of the table's instance; undefined: EC2 does not show it. */
  readonly state: InstanceState | undefined;
  /** Ids of all instances that run, or begin to, and carry the target's tag. */
  readonly running: readonly string[];
}

const stateWords = (state: InstanceState | undefined): string =>
  state === undefined ? "is not shown by EC2" : `is ${state}`;

/** Undefined: the table's instance runs, and no other does. */
export const judgeRestoredTarget = (
  { targetId, accountId, region, instanceId }: Target,
  { state, running }: TargetInWorld,
): RestoredTarget | undefined => {
  const others = running.filter((id) => id !== instanceId);
  const named = { targetId, accountId, region, instanceId, running: others };
  const told = `Instance ${instanceId}, which the table has for it, ${stateWords(state)}`;
  if (others.length > 0) {
    return {
      ...named,
      standing: "ANOTHER_RUNS",
      sentence: `${told}, and ${others.join(", ")} runs, which was launched for it. Next: see which one serves; take our tags from that one, register it, and delete this target.`,
    };
  }
  if (state === "running" || state === "pending") return undefined;
  return {
    ...named,
    standing: state === undefined ? "NOT_SHOWN" : "NOT_RUNNING",
    sentence: `${told}, and no other runs that was launched for it.`,
  };
};
