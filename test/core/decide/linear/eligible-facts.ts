/** An instance that may be switched and a region that could take it: the base which each case spoils in one place. */
import type { EligibilityInput } from "../../../../core/decide/linear/eligibility.ts";
import { needOfInstance } from "../../../../core/decide/linear/need.ts";
import { accountSchema, type Account } from "../../../../core/model/account.ts";
import { targetIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceFacts, NetworkInterfaceFacts } from "../../../../core/model/instance.ts";
import type { InstanceTypeFacts, MarketFacts } from "../../../../core/model/market.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { effectivePolicy, type Policy } from "../../../../core/policy/policy.ts";
import {
  advisorBands,
  observedAt,
  sampleInstance,
  sampleMarket,
} from "../offers/choice-samples.ts";

export const labAccount: Account = accountSchema().parse({
  accountId: "123456789012",
  name: "Shop",
  environment: "LAB",
  roleArn: "arn:aws:iam::123456789012:role/SpotOptimizer",
  externalId: "0123456789abcdef",
  regions: ["us-east-1"],
  status: "ACTIVE",
  createdAt: observedAt,
  updatedAt: observedAt,
});

export const linearTarget: TargetOf<"LINEAR"> = {
  targetId: targetIdSchema.parse("tgt-0123456789"),
  accountId: sampleInstance.accountId,
  region: "us-east-1",
  instanceId: sampleInstance.instanceId,
  instanceType: "m5.large",
  availabilityZone: "us-east-1a",
  pipelineMode: "LINEAR",
  isShadowMode: false,
  policyOverrides: {},
  createdAt: observedAt,
  updatedAt: observedAt,
};

export const primaryEni: NetworkInterfaceFacts = {
  networkInterfaceId: "eni-0",
  attachmentId: "eni-attach-0",
  deviceIndex: 0,
  networkCardIndex: 0,
  subnetId: "subnet-1",
  securityGroupIds: ["sg-1"],
  sourceDestCheck: true,
  interfaceType: "interface",
  deleteOnTermination: true,
  ipv6Count: 0,
  privateAddresses: [{ privateIp: "10.0.0.10", primary: true }],
};

export const secondaryEni: NetworkInterfaceFacts = {
  ...primaryEni,
  networkInterfaceId: "eni-1",
  attachmentId: "eni-attach-1",
  deviceIndex: 1,
  deleteOnTermination: false,
  privateAddresses: [{ privateIp: "10.0.0.20", primary: true, allocationId: "eipalloc-eni1" }],
};

export const rootVolume: InstanceFacts["volumes"][number] = {
  volumeId: "vol-root",
  deviceName: "/dev/xvda",
  isRoot: true,
  sizeGib: 8,
  volumeType: "gp3",
  encrypted: false,
  multiAttach: false,
  deleteOnTermination: true,
  zoneName: "us-east-1a",
};

export const dataVolume: InstanceFacts["volumes"][number] = {
  ...rootVolume,
  volumeId: "vol-data",
  deviceName: "/dev/sdf",
  isRoot: false,
  deleteOnTermination: false,
};

export const plainInstance: InstanceFacts = {
  ...sampleInstance,
  volumes: [rootVolume],
  networkInterfaces: [primaryEni],
};

export const m5Large: InstanceTypeFacts = {
  instanceType: "m5.large",
  vcpu: 2,
  memoryMib: 8192,
  architectures: ["x86_64"],
  gpuCount: 0,
  gpuMemoryMib: 0,
  networkGbps: 0.75,
  ebsMbps: 81.25,
  instanceStoreGb: 0,
  maxNetworkInterfaces: 3,
  ipv4PerInterface: 10,
  supportsSpot: true,
  bareMetal: false,
  burstable: false,
  currentGeneration: true,
  hypervisor: "nitro",
  virtualizationTypes: ["hvm"],
  bootModes: ["legacy-bios", "uefi"],
};

export const r5Large: InstanceTypeFacts = {
  ...m5Large,
  instanceType: "r5.large",
  memoryMib: 16384,
};

/** Accepts the one change that every instance in a VPC undergoes. */
export const openPolicy = (change: Partial<Policy> = {}): Policy =>
  effectivePolicy("LINEAR", { acceptChangeOf: ["primary-private-ip"], ...change });

export const eligibleInput: EligibilityInput = {
  account: labAccount,
  target: linearTarget,
  instance: plainInstance,
  type: m5Large,
  policy: openPolicy(),
};

const zones = ["use1-az1", "use1-az4"] as const;

/** m5.large and r5.large in two zones, each with a subnet, prices and a low band. */
export const openMarket: MarketFacts = {
  ...sampleMarket,
  types: [m5Large, r5Large],
  offerings: ["r5.large", "m5.large"].flatMap((instanceType) =>
    zones.map((zoneId) => ({ instanceType, zoneId })),
  ),
  spotPrices: ["m5.large", "r5.large"].flatMap((instanceType) =>
    zones.map((zoneId) => ({ instanceType, zoneId, hourlyUsd: 0.03, since: observedAt })),
  ),
  onDemand: [
    { instanceType: "m5.large", hourlyUsd: 0.096 },
    { instanceType: "r5.large", hourlyUsd: 0.126 },
  ],
  bands: [
    { instanceType: "m5.large", ...advisorBands.under5 },
    { instanceType: "r5.large", ...advisorBands.from5 },
  ],
  placementScores: [{ zoneId: "use1-az1", score: 9 }],
  subnets: [
    {
      subnetId: "subnet-1",
      zoneId: "use1-az4",
      zoneName: "us-east-1a",
      freeAddresses: 20,
      egress: "nat",
    },
    {
      subnetId: "subnet-2",
      zoneId: "use1-az1",
      zoneName: "us-east-1b",
      freeAddresses: 20,
      egress: "nat",
    },
  ],
};

export interface OfferFacts {
  readonly instance: InstanceFacts;
  readonly market: MarketFacts;
  readonly policy: Policy;
}

/** What the questions about offers are given: the instance's need in its place. */
export const needing = ({ instance, market, policy }: OfferFacts) => ({
  need: needOfInstance(instance, policy, market.subnets),
  market,
  policy,
});
