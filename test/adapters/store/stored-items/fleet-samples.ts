/** Everything that is stored of the fleet's table, with every field. */
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { FleetPlace, FleetRow } from "../../../../core/model/fleet-row.ts";
import type { Full } from "./full.ts";
import { accountId, approvalId, at, evaluationId, target, targetId } from "../examples.ts";

const region = "eu-central-1";

export const newsTarget = target(1);

export const fleetPlaceSample: Full<FleetPlace> = {
  accountId,
  region,
  sequence: Date.parse(at(60)),
  readAt: at(30),
  running: [evaluationId(1)],
  gone: [{ targetId: targetId(2), since: Date.parse(at(60)) }],
  goneFrom: Date.parse(at(0)),
  failure: { error: "BrokenPermission", cause: "Access denied.", since: at(0) },
};

export const fleetRowSample: Full<FleetRow> = {
  targetId: targetId(1),
  accountId,
  region,
  mode: "LINEAR",
  instanceId: instanceIdSchema.parse("i-0a1b2c3d4e5f60718"),
  instanceType: "m5.large",
  isShadowMode: false,
  maxRisk: 0.3,
  name: "web-1",
  capacity: { spot: 1, onDemand: 2, isTaken: true },
  pools: 1,
  pool: { instanceType: "m5.large", zoneId: "euc1-az2" },
  risk: 0.01,
  paysHourlyUsd: 0.04,
  onDemandHourlyUsd: 0.115,
  saves: { monthlyUsd: 54.75, basis: "ESTIMATED" },
  verdict: { kind: "STAY", reason: "BEST_POOL", sentence: "Best pool already.", at: at(20) },
  last: {
    evaluationId: evaluationId(1),
    status: "AWAITING_APPROVAL",
    sentence: "A person must agree.",
    endedAt: at(10),
    approvalId: approvalId(1),
  },
  evaluatedAt: at(10),
  changedIn: Date.parse(at(60)),
};
