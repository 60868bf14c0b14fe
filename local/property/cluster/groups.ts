/** Draws a group: its sizes, zones, traffic, hooks and health checks, and how its owner wants it converted. */
import { oneOf, type Random } from "../../cloud/random.ts";
import type { GroupLabOptions } from "../../lab/group-lab.ts";

export interface DrawnGroup {
  /** For whoever repeats the case. */
  readonly sentence: string;
  readonly options: GroupLabOptions;
  readonly size: number;
  readonly max: number;
}

type Hooks = NonNullable<GroupLabOptions["hooks"]>;

const terminating = "autoscaling:EC2_INSTANCE_TERMINATING";
const launching = "autoscaling:EC2_INSTANCE_LAUNCHING";

/** Nobody completes them: they end by their time-out. */
const hookOf = (transition: string, result: "CONTINUE" | "ABANDON"): Hooks[number] => ({
  LifecycleHookName: transition === terminating ? "drain" : "warm",
  LifecycleTransition: transition,
  HeartbeatTimeout: 60,
  DefaultResult: result,
});

/** A launching hook is a refusal: one in twelve. */
const drawHooks = (random: Random): Hooks => {
  const drawn = random.next();
  if (drawn < 1 / 12) return [hookOf(launching, "CONTINUE")];
  if (drawn < 0.5) return [];
  return [hookOf(terminating, oneOf(random, ["CONTINUE", "ABANDON"] as const))];
};

export const drawGroup = (random: Random): DrawnGroup => {
  const size = random.integer(1, 8);
  const zones = random.integer(1, 3);
  const min = random.integer(0, size);
  const max = size + oneOf(random, [0, 0, 1, 2, 5]);
  const batchSize = random.integer(1, 4);
  const isBehindLoadBalancer = random.next() < 0.75;
  const healthType = isBehindLoadBalancer && random.next() < 0.5 ? "ELB" : "EC2";
  const warmUpSeconds = oneOf(random, [0, 30, 120]);
  // With less a balancer's checks end each new member before it is healthy, again and again.
  const graceSeconds = oneOf(random, healthType === "ELB" ? [60, 300] : [0, 60]);
  const hooks = drawHooks(random);
  const named = hooks.map(
    ({ LifecycleTransition: transition, DefaultResult: result }) =>
      `${transition === terminating ? "terminating" : "launching"} hook (${result ?? ""})`,
  );
  return {
    size,
    max,
    sentence: [
      `${String(size)} members (${String(min)} to ${String(max)}) in ${String(zones)} zones`,
      isBehindLoadBalancer ? "behind a load balancer" : "without a load balancer",
      `${healthType} health`,
      `warm-up ${String(warmUpSeconds)} s`,
      `batches of ${String(batchSize)}`,
      ...named,
    ].join(", "),
    options: {
      size,
      min,
      max,
      zones,
      hooks,
      isBehindLoadBalancer,
      policy: { batch_size: batchSize },
      seed: random.integer(1, 1_000_000),
      // What Auto Scaling launches takes as long in the twin: only then the two can be compared at every instant.
      settings: { jitter: 0 },
      definition: {
        HealthCheckType: healthType,
        HealthCheckGracePeriod: graceSeconds,
        DefaultInstanceWarmup: warmUpSeconds,
      },
    },
  };
};
