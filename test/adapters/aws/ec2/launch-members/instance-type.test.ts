/** Is the table of instance types true? Each member is changed by itself, and the facts are compared. */
import { describe, expect, it } from "@jest/globals";
import { InstanceTypeInfo$, type InstanceTypeInfo } from "@aws-sdk/client-ec2";
import { toInstanceTypeFacts } from "../../../../../adapters/aws/ec2/instance-types.ts";
import { instanceTypeMembers } from "../../../../../adapters/aws/ec2/launch-members/instance-type.ts";
import { shapeOf } from "../../../../../local/schemas/shape.ts";
import { changedAt, nodesOf } from "./members.ts";

const device = { Name: "Inferentia", Count: 1, MemoryInfo: { SizeInMiB: 8192 } };

const base: InstanceTypeInfo = {
  InstanceType: "g5.xlarge",
  CurrentGeneration: true,
  SupportedUsageClasses: ["on-demand", "spot"],
  SupportedVirtualizationTypes: ["hvm"],
  BareMetal: false,
  Hypervisor: "nitro",
  ProcessorInfo: { SupportedArchitectures: ["x86_64"], Manufacturer: "AMD" },
  VCpuInfo: { DefaultVCpus: 4, DefaultCores: 2, DefaultThreadsPerCore: 2 },
  MemoryInfo: { SizeInMiB: 16384 },
  InstanceStorageInfo: { TotalSizeInGB: 250 },
  EbsInfo: {
    EbsOptimizedInfo: { BaselineThroughputInMBps: 87.5 },
    MaximumEbsAttachments: 32,
    AttachmentLimitType: "dedicated",
  },
  PlacementGroupInfo: { SupportedStrategies: ["cluster"] },
  NitroTpmSupport: "supported",
  NetworkInfo: {
    NetworkPerformance: "Up to 10 Gigabit",
    MaximumNetworkInterfaces: 4,
    Ipv4AddressesPerInterface: 15,
    Ipv6AddressesPerInterface: 15,
    Ipv6Supported: true,
    EnaSupport: "required",
    NetworkCards: [{ NetworkCardIndex: 0, BaselineBandwidthInGbps: 2.5 }],
  },
  GpuInfo: { Gpus: [{ Name: "A10G", Count: 1 }], TotalGpuMemoryInMiB: 22888 },
  InferenceAcceleratorInfo: { Accelerators: [device] },
  NeuronInfo: { NeuronDevices: [device] },
  FpgaInfo: { Fpgas: [device] },
  MediaAcceleratorInfo: { Accelerators: [device] },
  SupportedBootModes: ["legacy-bios", "uefi"],
};

/** EC2 states no baselines for some types: then the words of the description count. */
const wordy: InstanceTypeInfo = {
  ...base,
  NetworkInfo: { ...base.NetworkInfo, NetworkCards: [] },
};

/** Without these nothing can be compared, and the reading is BrokenFacts. */
const answerOf = (info: InstanceTypeInfo): unknown => {
  try {
    return toInstanceTypeFacts(info);
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
};

const told = { "NetworkInfo.NetworkPerformance": "Up to 5 Gigabit" };

describe("of an instance type", () => {
  const cases = nodesOf(instanceTypeMembers, shapeOf(InstanceTypeInfo$));

  it.each(cases.map((leaf) => [leaf.path, leaf.member.treatment, leaf] as const))(
    "%s is %s",
    (path, treatment, leaf) => {
      const before = path === "NetworkInfo.NetworkPerformance" ? wordy : base;
      const facts = answerOf(changedAt(before, leaf, told));
      if (treatment === "compared") expect(facts).not.toEqual(answerOf(before));
      else expect(facts).toEqual(answerOf(before));
    },
  );

  it("each member is compared or not: a type is neither copied nor refused", () => {
    expect(new Set(cases.map(({ member }) => member.treatment))).toEqual(
      new Set(["compared", "irrelevant", "told"]),
    );
  });
});
