/** One plain instance and a small market, as a base that each test changes in one place. */
import { effectivePolicy, type Policy } from "../../../../core/policy/policy.ts";
import { accountIdSchema, instanceIdSchema } from "../../../../core/model/ids.ts";
import { needOfInstance } from "../../../../core/decide/linear/need.ts";
import type { Need } from "../../../../core/decide/offers/need.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { AdvisorBand, MarketFacts, Pool } from "../../../../core/model/market.ts";
import type { Offer } from "../../../../core/model/offer.ts";

export const observedAt = "2025-03-01T12:00:00.000Z";

export const hoursBefore = (hours: number): string =>
  new Date(Date.parse(observedAt) - hours * 3_600_000).toISOString();

export const sampleInstance: InstanceFacts = {
  accountId: accountIdSchema.parse("123456789012"),
  region: "us-east-1",
  instanceId: instanceIdSchema.parse("i-0123456789abcdef0"),
  instanceType: "m5.large",
  state: "running",
  launchedAt: "2025-01-01T00:00:00.000Z",
  architecture: "x86_64",
  platformDetails: "Linux/UNIX",
  imageId: "ami-0123456789abcdef0",
  imageExists: true,
  productCodes: [],
  operatorManaged: false,
  tenancy: "default",
  rootDeviceType: "ebs",
  rootDeviceName: "/dev/xvda",
  hibernationConfigured: false,
  disableApiTermination: false,
  disableApiStop: false,
  enclaveEnabled: false,
  domainJoined: false,
  vpcId: "vpc-1",
  subnetId: "subnet-1",
  zoneName: "us-east-1a",
  zoneId: "use1-az4",
  ebsOptimized: true,
  volumes: [],
  networkInterfaces: [],
  targetGroups: [],
  scheduledEvents: [],
  tags: {},
};

export const sampleNeed: Need = needOfInstance(
  sampleInstance,
  { consistency: "stateless", rootTransfer: "relaunch" },
  [],
);

export const advisorBands = {
  under5: { band: 0, label: "<5%", minPercent: 0, maxPercent: 5 },
  from5: { band: 1, label: "5-10%", minPercent: 5, maxPercent: 10 },
  from10: { band: 2, label: "10-15%", minPercent: 10, maxPercent: 15 },
  from15: { band: 3, label: "15-20%", minPercent: 15, maxPercent: 20 },
  over20: { band: 4, label: ">20%", minPercent: 20, maxPercent: 100 },
} as const satisfies Record<string, Omit<AdvisorBand, "instanceType">>;

export const sampleMarket: MarketFacts = {
  region: "us-east-1",
  product: "Linux/UNIX",
  readAt: observedAt,
  observedAt,
  types: [],
  offerings: [],
  spotPrices: [],
  onDemand: [{ instanceType: "m5.large", hourlyUsd: 0.1 }],
  bands: [
    { instanceType: "m5.large", ...advisorBands.under5 },
    { instanceType: "r5.large", ...advisorBands.from10 },
  ],
  bandsFetchedAt: hoursBefore(1),
  onDemandFetchedAt: hoursBefore(2),
  spotPricesFetchedAt: observedAt,
  placementScores: [],
  losses: [],
  quarantined: [],
  subnets: [],
  reserved: { reservedCount: 0, runningCount: 1 },
};

export const samplePool = (instanceType: string, zoneId = "use1-az4"): Pool => ({
  region: "us-east-1",
  zoneId,
  instanceType,
  product: "Linux/UNIX",
});

/** An offer as estimateRisks leaves it. */
export const sampleOffer = (
  pool: Pool,
  spotHourlyUsd: number,
  change: Partial<Offer> & { readonly probability?: number } = {},
): Offer => {
  const { probability = 0.001, ...rest } = change;
  return {
    pool,
    spotHourlyUsd,
    onDemandHourlyUsd: 0.1,
    risk: { probability, horizonHours: 24, modelVersion: "hazard-1" },
    ...rest,
  };
};

export const policyWith = (change: Partial<Policy> = {}): Policy =>
  effectivePolicy("LINEAR", change);
