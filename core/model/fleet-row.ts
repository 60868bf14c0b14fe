/** A row of the fleet's table: what the last sweep has found of one target, and what of its place. Stored for who shows the fleet; no decision rests on it. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { effectivePolicy } from "../policy/policy.ts";
import { endStatuses } from "./evaluation.ts";
import { accountIdSchema, evaluationIdSchema, instanceIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";
import { pipelineModeSchema } from "./pipeline-mode.ts";
import type { Target } from "./target.ts";
import { verdictKinds } from "./verdict.ts";

export const savesBases = [
  /** It saves that where it stands, at the prices of the reading. */
  "ESTIMATED",
  /** A switch is to come. */
  "PLANNED",
  /** It would, if shadow mode ended. */
  "SHADOW",
] as const;
export type SavesBasis = (typeof savesBases)[number];

/** As it is registered. */
const registeredShape = atFirstUse(() => ({
  targetId: targetIdSchema,
  accountId: accountIdSchema,
  region: regionSchema,
  mode: pipelineModeSchema,
  instanceId: instanceIdSchema,
  /** Of that instance, where it is the target. */
  instanceType: z.string().exactOptional(),
  isShadowMode: z.boolean(),
  /** Its own limit, 0 to 1. */
  maxRisk: z.number(),
  name: z.string(),
}));

/** What has become of a registration since the last sweep: it was made, changed, or is gone. */
export const fleetNewsSchema = atFirstUse(() =>
  z.strictObject({ ...registeredShape(), isGone: z.literal(true).exactOptional() }),
);
export type FleetNews = Readonly<z.infer<ReturnType<typeof fleetNewsSchema>>>;
export type RegisteredRow = Omit<FleetNews, "isGone">;

const lastEndedSchema = atFirstUse(() =>
  z.strictObject({
    evaluationId: evaluationIdSchema,
    status: z.enum(endStatuses),
    sentence: z.string(),
    endedAt: z.iso.datetime(),
    /** That it waits for. */
    approvalId: z.string().exactOptional(),
  }),
);
export type FleetLastEnded = Readonly<z.infer<ReturnType<typeof lastEndedSchema>>>;

const rowVerdictSchema = atFirstUse(() =>
  z.strictObject({
    kind: z.enum([...verdictKinds, "WOULD_SWITCH"]),
    reason: z.string(),
    sentence: z.string(),
    /** Absent: at the time of the place's reading. */
    at: z.iso.datetime().exactOptional(),
  }),
);

export const fleetRowSchema = atFirstUse(() =>
  z.strictObject({
    ...registeredShape(),
    /** Instances that the reading shows, those that have ended or stand still left out. Absent: it does not show it. */
    capacity: z
      .strictObject({
        spot: z.int().nonnegative(),
        onDemand: z.int().nonnegative(),
        isTaken: z.literal(true).exactOptional(),
      })
      .exactOptional(),
    /** How many pools they stand in, and which where it is one. */
    pools: z.int().positive().exactOptional(),
    pool: z.strictObject({ instanceType: z.string(), zoneId: z.string() }).exactOptional(),
    risk: z.number().exactOptional(),
    /** Of all of them; absent where one has no known price. */
    paysHourlyUsd: z.number().exactOptional(),
    /** What its owner would pay On-Demand: of what a switch has brought, by the type that it replaced. */
    onDemandHourlyUsd: z.number().exactOptional(),
    saves: z.strictObject({ monthlyUsd: z.number(), basis: z.enum(savesBases) }).exactOptional(),
    verdict: rowVerdictSchema().exactOptional(),
    last: lastEndedSchema().exactOptional(),
    /** When the target was evaluated last, as far as `last` knows. */
    evaluatedAt: z.iso.datetime().exactOptional(),
    /** Sweep of the place that has changed it, see `FleetPlace.sequence`. */
    changedIn: z.int(),
  }),
);
export type FleetRow = Readonly<z.infer<ReturnType<typeof fleetRowSchema>>>;

/** How the rows of one place stand. */
export const fleetPlaceSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    /** Rises with each sweep. */
    sequence: z.int().positive(),
    /** Of the last complete reading. Absent: none came about. */
    readAt: z.iso.datetime().exactOptional(),
    /** Switches that ran when it was swept. */
    running: z.array(evaluationIdSchema),
    /** Targets whose rows are gone, and since which sweep. */
    gone: z.array(z.strictObject({ targetId: targetIdSchema, since: z.int() })),
    /** Of what went until then nothing is known any longer. */
    goneFrom: z.int(),
    /** Why nothing could be judged. */
    failure: z
      .strictObject({ error: z.string(), cause: z.string(), since: z.iso.datetime() })
      .exactOptional(),
  }),
);
export type FleetPlace = Readonly<z.infer<ReturnType<typeof fleetPlaceSchema>>>;

const registeredName = (target: Target): string => {
  switch (target.pipelineMode) {
    case "LINEAR":
      return target.instanceId;
    case "CLUSTER":
      return target.group.asgName;
    case "KUBERNETES": {
      const { clusterName, nodeGroup, scope } = target.node;
      return scope === "ONE" ? target.instanceId : `${clusterName}/${nodeGroup}`;
    }
  }
};

/** @param name its tag `Name`, where one is known */
export const registeredRow = (target: Target, name?: string): RegisteredRow => {
  const { targetId, accountId, region, pipelineMode: mode, instanceId, isShadowMode } = target;
  const isOfOne = registeredName(target) === instanceId;
  return {
    targetId,
    accountId,
    region,
    mode,
    instanceId,
    ...(isOfOne && { instanceType: target.instanceType }),
    isShadowMode,
    maxRisk: effectivePolicy(mode, target.policyOverrides).maxRisk,
    name: (isOfOne ? name : undefined) ?? registeredName(target),
  };
};
