/** Rows of preflights as examples. */
import { preflightRowSchema, type PreflightRow } from "../../../../../core/model/preflight.ts";

export const preflightRowSample = (change: Partial<PreflightRow> = {}): PreflightRow =>
  preflightRowSchema().parse({
    id: "eu-central-1/i-0a1b2c3d4e5f60718",
    region: "eu-central-1",
    mode: "LINEAR",
    name: "i-0a1b2c3d4e5f60718",
    instanceId: "i-0a1b2c3d4e5f60718",
    instanceType: "m5.large",
    zoneName: "eu-central-1a",
    instances: 1,
    tags: { team: "payments" },
    outcome: "WILL",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "m6i.large in euc1-az2 saves 61 %.",
    missing: [],
    offers: [
      {
        instanceType: "m6i.large",
        zoneId: "euc1-az2",
        spotHourlyUsd: 0.0421,
        risk: 0.031,
        horizonHours: 24,
      },
    ],
    monthlyUsd: 43.219,
    savingsPercent: 61.234,
    downtimeSeconds: 360,
    losses: ["It is down for about 6 min."],
    later: [],
    unchecked: [],
    ...change,
  });

const consent = {
  kind: "CONSENT",
  name: "accept_iac_drift=true",
  reason: "IAC_MANAGED",
  sentence: "Made by Terraform.",
} as const;

export const onceRow = preflightRowSample({
  id: "eu-central-1/group/web",
  mode: "CLUSTER",
  name: "group web",
  instances: 3,
  outcome: "WILL_ONCE",
  reason: "IAC_MANAGED",
  missing: [consent],
  monthlyUsd: 100,
});

export const refusedRow = preflightRowSample({
  id: "eu-central-1/i-00000000000000001",
  name: "i-00000000000000001",
  outcome: "WONT",
  reason: "ALREADY_SPOT",
  sentence: "It is Spot.",
  offers: [],
  instances: 0,
  downtimeSeconds: 0,
  losses: [],
});
