/** Is an instance proved healthy now? Only a full set of passed checks is health; not knowing is waiting. */
import { hasEnded, type CheckStatus, type InstanceHealth } from "../../model/instance.ts";
import { readSpotStatus, type TakenBy } from "../../model/spot-status.ts";

export type HealthJudgement =
  | { readonly kind: "HEALTHY" }
  /** Not proved yet: ask again. */
  | { readonly kind: "WAITING"; readonly sentence: string }
  /** Gone, or marked to go: nothing may be entrusted to it. */
  | { readonly kind: "LOST"; readonly sentence: string }
  /** It is there, and fails. */
  | { readonly kind: "FAILED"; readonly sentence: string };

const takerOf = (spotStatus: string | undefined): TakenBy | undefined => {
  const standing = spotStatus === undefined ? undefined : readSpotStatus(spotStatus);
  return standing?.kind === "ANNOUNCED" ? standing.by : undefined;
};

type Rule = (health: InstanceHealth) => HealthJudgement | undefined;

/**
 * Did the Spot pool take the instance, or announce that it will, for want of capacity? Only these codes say so: StateReason can't
 * tell capacity from the account's own maximum price, and what a user, a service or a fault of the account ended was not lost to
 * the pool. For `terminate` EC2 gives the code at the notice already, while the instance runs on.
 */
export const isTakenByPool = ({ spotStatus, stateReason }: InstanceHealth): boolean =>
  takerOf(spotStatus) === "POOL" || stateReason === "Server.InsufficientInstanceCapacity";

/**
 * Checks have not passed so soon: EC2 makes them about once a minute, and the first ones minutes after a launch. An instance that was
 * launched a moment ago need not be looked at.
 */
const newForMs = 30_000;

/** @param launchedAt ISO 8601; undefined: nobody knows */
export const isJustLaunched = (launchedAt: string | undefined, now: Date): boolean =>
  launchedAt !== undefined && now.getTime() - Date.parse(launchedAt) < newForMs;

/** Neither gone nor marked to go, as far as its Spot request tells. */
export const isRestfulRequest = (spotStatus: string | undefined): boolean =>
  spotStatus !== undefined && readSpotStatus(spotStatus).kind === "RESTFUL";

const because = ({ stateReason }: InstanceHealth): string =>
  stateReason === undefined ? "" : ` (${stateReason})`;

const isNotGone: Rule = (health) =>
  hasEnded(health.state)
    ? {
        kind: "LOST",
        sentence: `Instance ${health.instanceId} is ${health.state}${because(health)}.`,
      }
    : undefined;

const isNotMarked: Rule = ({ instanceId, spotStatus }) =>
  spotStatus !== undefined && takerOf(spotStatus) !== undefined
    ? { kind: "LOST", sentence: `Spot request of instance ${instanceId} is ${spotStatus}.` }
    : undefined;

const isNotStopped: Rule = (health) =>
  health.state === "stopping" || health.state === "stopped"
    ? {
        kind: "FAILED",
        sentence: `Instance ${health.instanceId} is ${health.state}${because(health)}, and does not serve.`,
      }
    : undefined;

/** With the name that the console shows, and the readings that count as a pass. */
const checks = [
  { name: "system", of: (health: InstanceHealth) => health.system, passes: ["ok"] },
  { name: "instance", of: (health: InstanceHealth) => health.instance, passes: ["ok"] },
  {
    name: "attached EBS",
    of: (health: InstanceHealth) => health.attachedEbs,
    passes: ["ok", "not-applicable"],
  },
] as const satisfies readonly {
  name: string;
  of: (health: InstanceHealth) => CheckStatus;
  passes: readonly CheckStatus[];
}[];

const hasNoFailedCheck: Rule = (health) => {
  const failed = checks.filter((check) => check.of(health) === "impaired");
  if (failed.length === 0) return undefined;
  const names = failed.map((check) => check.name).join(" and ");
  return {
    kind: "FAILED",
    sentence: `Instance ${health.instanceId} fails its ${names} check (impaired).`,
  };
};

const isRunning: Rule = ({ instanceId, state }) => {
  if (state === "running") return undefined;
  const sentence =
    state === undefined
      ? `EC2 does not show instance ${instanceId}.`
      : `Instance ${instanceId} is ${state}.`;
  return { kind: "WAITING", sentence };
};

const isRestful: Rule = ({ instanceId, spotStatus }) =>
  spotStatus === undefined || isRestfulRequest(spotStatus)
    ? undefined
    : { kind: "WAITING", sentence: `Spot request of instance ${instanceId} is ${spotStatus}.` };

const hasPassedChecks: Rule = (health) => {
  const open = checks.filter(
    (check) => !check.passes.some((passed) => passed === check.of(health)),
  );
  if (open.length === 0) return undefined;
  const readings = open.map((check) => `${check.name} check is ${check.of(health)}`).join(", ");
  return { kind: "WAITING", sentence: `Instance ${health.instanceId} is not proved: ${readings}.` };
};

/** A loss outweighs a failure, a failure outweighs not knowing. */
const rules: readonly Rule[] = [
  isNotGone,
  isNotMarked,
  isNotStopped,
  hasNoFailedCheck,
  isRunning,
  isRestful,
  hasPassedChecks,
];

/**
 * It runs and nothing speaks against it, though its checks may not have passed yet. That it works is not said: something else must prove it.
 * @param isOnDemand bought without a Spot request
 */
export const isUp = (health: InstanceHealth, isOnDemand: boolean): boolean =>
  health.state === "running" &&
  (isOnDemand || isRestfulRequest(health.spotStatus)) &&
  hasNoFailedCheck(health) === undefined;

/**
 * HEALTHY only for a running instance whose system and instance checks are ok, whose EBS check is ok (or does not
 * apply), and whose Spot request bears no mark. Unknown, absent and unheard-of readings are WAITING, never a pass.
 */
export const judgeHealth = (health: InstanceHealth): HealthJudgement => {
  for (const rule of rules) {
    const judgement = rule(health);
    if (judgement !== undefined) return judgement;
  }
  return { kind: "HEALTHY" };
};
