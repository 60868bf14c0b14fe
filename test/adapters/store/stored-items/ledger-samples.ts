/** Everything that the savings ledger stores, with every field. */
import { instanceIdSchema, type AccountId, type TargetId } from "../../../../core/model/ids.ts";
import {
  termNames,
  type LedgerDay,
  type LedgerMonth,
  type Term,
  type TermName,
} from "../../../../core/model/ledger/day.ts";
import type { TargetHours } from "../../../../core/model/ledger/hours.ts";
import type { KeptSnapshot } from "../../../../core/model/ledger/kept-snapshot.ts";
import type { ShadowMonth } from "../../../../core/model/ledger/shadow.ts";
import { noShadowSums } from "../../../../core/ledger/shadow-month.ts";
import type { LedgerPlace } from "../../../../core/model/ledger/place.ts";
import type { KeptPrices } from "../../../../core/model/ledger/prices.ts";
import type { InstanceSpan } from "../../../../core/model/ledger/span.ts";
import type { Full } from "./full.ts";
import { accountId, at, evaluationId, targetId } from "../examples.ts";

const region = "eu-central-1";

const kind = {
  instanceType: "m5.large",
  product: "Linux/UNIX",
  tenancy: "default",
  zoneId: "euc1-az2",
};

export const openSpan: Omit<Full<InstanceSpan>, "end"> = {
  accountId,
  region,
  targetId: targetId(1),
  instanceId: instanceIdSchema.parse("i-0a1b2c3d4e5f60718"),
  state: "STOPPED",
  ...kind,
  purchase: "SPOT",
  hasLentAddress: true,
  lentAddressOf: "eni-0a1b2c3d4e5f60718",
  volumes: [{ volumeId: "vol-0a1b2c3d4e5f60718", sizeGib: 30, volumeType: "gp3" }],
  startedAt: at(0),
  launchedBy: evaluationId(1),
  replaces: instanceIdSchema.parse("i-0a1b2c3d4e5f60719"),
  baseline: { ...kind, instanceType: "m5.xlarge" },
  serves: { from: at(10), until: at(20) },
  stoppedBy: "US",
};

export const endedSpan: Full<InstanceSpan> = {
  ...openSpan,
  instanceId: instanceIdSchema.parse("i-0a1b2c3d4e5f60720"),
  end: { earliest: at(30), latest: at(40), by: "EC2" },
};

export const ledgerPlace: Full<LedgerPlace> = {
  accountId,
  region,
  readAt: at(0),
  round: { readAt: at(0), after: targetId(1), lacksSome: true },
  statedDueAt: at(60),
  settledBefore: "2026-03-01",
};

export const ledgerProduct = { region, product: "Linux/UNIX" };

export const keptPrices: KeptPrices = {
  types: { "m5.large": [{ since: at(0), hourlyUsd: 0.115 }] },
};

const term: Term = {
  nanoUsd: 12_345_678_901n,
  source: "unknown",
  unknownNanoUsd: 9n,
  unboundedSeconds: 0.5,
};

const sums = {
  accountId: accountId satisfies AccountId,
  targetId: targetId(1) satisfies TargetId,
  isFinal: false,
  statedAt: at(50),
  terms: Object.fromEntries(termNames.map((name) => [name, term])) as Record<TermName, Term>,
  wantedSeconds: 86_400,
  downtimeSeconds: 12.5,
  spotDriftNanoUsd: -7n,
};

export const ledgerDay: LedgerDay = { ...sums, day: "2026-03-02" };
export const ledgerMonth: LedgerMonth = { ...sums, month: "2026-03", days: 2 };

/** A fixture is JSON, which knows no bigint. */
export const withDigits = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)),
  );

export const targetHours: Full<TargetHours> = {
  accountId,
  targetId: targetId(1),
  day: "2026-03-01",
  instances: [
    {
      instanceId: instanceIdSchema.parse("i-0a1b2c3d4e5f60718"),
      instanceType: "m5.large",
      purchase: "SPOT",
      hours: ["31400000", "?", ...Array.from({ length: 22 }, () => "-")],
    },
  ],
  others: [
    {
      resourceId: "vol-0a1b2c3d4e5f60718",
      kind: "VOLUME",
      hours: ["3000000", "?", ...Array.from({ length: 22 }, () => "-")],
    },
  ],
};

export const keptSnapshot: Full<KeptSnapshot> = {
  snapshotId: "snap-0a1b2c3d4e5f60718",
  imageId: "ami-0a1b2c3d4e5f60718",
  writtenGib: 12.5,
};

export const shadowMonth: Full<ShadowMonth> = {
  accountId,
  targetId: targetId(1),
  month: "2026-03",
  until: at(60),
  proven: { ...noShadowSums, decisions: 1, hours: 24, likelyNanoUsd: 1_680_000_000n },
  unproven: { ...noShadowSums, decisions: 2, regretToStayNanoUsd: 5n },
  unscored: { NOT_ONE_INSTANCE: 1, NOT_FROM_ON_DEMAND: 0, FACTS_MISSING: 0, NO_PRICE: 2 },
};

export const shadowMonthOfGroup: Full<ShadowMonth> = {
  ...shadowMonth,
  targetId: targetId(2),
  unscored: { NOT_ONE_INSTANCE: 0, NOT_FROM_ON_DEMAND: 3, FACTS_MISSING: 1, NO_PRICE: 0 },
};
