import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeSpotPriceHistoryCommand,
  EC2Client,
  GetSpotPlacementScoresCommand,
  type InstanceTypeInfo,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  readInstanceTypes,
  readOfferings,
  readPlacementScores,
  readSpotPrices,
} from "../../../../adapters/aws/ec2/market.ts";
import { awsError } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const now = new Date("2026-01-01T12:00:00Z");
const at = (time: string): Date => new Date(`2026-01-01T${time}:00Z`);

const inputsOf = (command: Parameters<typeof mock.commandCalls>[0]): unknown[] =>
  mock.commandCalls(command).map(({ args }): unknown => args[0].input);

beforeEach(() => {
  mock.reset();
});

describe("Spot prices", () => {
  const read = (): ReturnType<typeof readSpotPrices> =>
    readSpotPrices(ec2, { product: "Linux/UNIX", now });

  it("are those of now, by zone id, newest per pool, over all pages to the empty token", async () => {
    const request = {
      ProductDescriptions: ["Linux/UNIX"],
      StartTime: now,
      EndTime: now,
      MaxResults: 1000,
    };
    mock
      .on(DescribeSpotPriceHistoryCommand)
      .resolvesOnce({
        SpotPriceHistory: [
          {
            AvailabilityZoneId: "z2",
            InstanceType: "m5.large",
            SpotPrice: "0.05",
            Timestamp: at("10:00"),
          },
          {
            AvailabilityZoneId: "z1",
            InstanceType: "m5.large",
            SpotPrice: "0.041000",
            Timestamp: at("09:00"),
          },
        ],
        NextToken: "n",
      })
      .resolvesOnce({
        SpotPriceHistory: [
          {
            AvailabilityZoneId: "z2",
            InstanceType: "m5.large",
            SpotPrice: "0.04",
            Timestamp: at("11:00"),
          },
          {
            AvailabilityZoneId: "z2",
            InstanceType: "m5.large",
            SpotPrice: "0.9",
            Timestamp: at("12:01"),
          },
          {
            AvailabilityZoneId: "z2",
            InstanceType: "c5.large",
            SpotPrice: "0.03",
            Timestamp: at("12:00"),
          },
        ],
        NextToken: "",
      });
    await expect(read()).resolves.toEqual([
      {
        zoneId: "z2",
        instanceType: "c5.large",
        hourlyUsd: 0.03,
        since: "2026-01-01T12:00:00.000Z",
      },
      {
        zoneId: "z1",
        instanceType: "m5.large",
        hourlyUsd: 0.041,
        since: "2026-01-01T09:00:00.000Z",
      },
      {
        zoneId: "z2",
        instanceType: "m5.large",
        hourlyUsd: 0.04,
        since: "2026-01-01T11:00:00.000Z",
      },
    ]);
    expect(inputsOf(DescribeSpotPriceHistoryCommand)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
    expect(inputsOf(DescribeAvailabilityZonesCommand)).toEqual([]);
  });

  it("names of zones are translated where EC2 gives no ids", async () => {
    mock.on(DescribeSpotPriceHistoryCommand).resolves({
      SpotPriceHistory: [
        {
          AvailabilityZone: "eu-central-1a",
          InstanceType: "m5.large",
          SpotPrice: "0.05",
          Timestamp: at("10:00"),
        },
      ],
    });
    mock.on(DescribeAvailabilityZonesCommand).resolves({
      AvailabilityZones: [{ ZoneName: "eu-central-1a", ZoneId: "euc1-az2" }],
    });
    await expect(read()).resolves.toMatchObject([{ zoneId: "euc1-az2" }]);
    expect(inputsOf(DescribeAvailabilityZonesCommand)).toEqual([{}]);
  });

  it.each(["", "x", "0.0000", undefined])("a price of %p is BrokenFacts", async (SpotPrice) => {
    mock.on(DescribeSpotPriceHistoryCommand).resolves({
      SpotPriceHistory: [
        { AvailabilityZoneId: "z1", InstanceType: "m5.large", SpotPrice, Timestamp: at("10:00") },
      ],
    });
    await expect(read()).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("an unknown zone is BrokenFacts", async () => {
    mock.on(DescribeSpotPriceHistoryCommand).resolves({
      SpotPriceHistory: [
        {
          AvailabilityZone: "nowhere",
          InstanceType: "m5.large",
          SpotPrice: "1",
          Timestamp: at("10:00"),
        },
      ],
    });
    mock.on(DescribeAvailabilityZonesCommand).resolves({});
    await expect(read()).rejects.toMatchObject({ name: "BrokenFacts", resource: "nowhere" });
  });
});

const info = (change: Partial<InstanceTypeInfo> = {}): InstanceTypeInfo => ({
  InstanceType: "g5.xlarge",
  CurrentGeneration: true,
  SupportedUsageClasses: ["on-demand", "spot"],
  SupportedVirtualizationTypes: ["hvm"],
  SupportedBootModes: ["uefi"],
  BareMetal: false,
  Hypervisor: "nitro",
  BurstablePerformanceSupported: false,
  ProcessorInfo: { SupportedArchitectures: ["x86_64"] },
  VCpuInfo: { DefaultVCpus: 4, DefaultCores: 2, DefaultThreadsPerCore: 2 },
  NitroTpmSupport: "supported",
  PlacementGroupInfo: { SupportedStrategies: ["cluster"] },
  MemoryInfo: { SizeInMiB: 16384 },
  InstanceStorageInfo: { TotalSizeInGB: 250 },
  EbsInfo: {
    EbsOptimizedInfo: { BaselineThroughputInMBps: 87.5 },
    MaximumEbsAttachments: 25,
    AttachmentLimitType: "shared",
  },
  GpuInfo: { Gpus: [{ Name: "A10G", Count: 1 }], TotalGpuMemoryInMiB: 24576 },
  NetworkInfo: {
    NetworkPerformance: "Up to 10 Gigabit",
    MaximumNetworkInterfaces: 4,
    Ipv4AddressesPerInterface: 15,
    Ipv6AddressesPerInterface: 15,
    Ipv6Supported: false,
    EnaSupport: "required",
    NetworkCards: [{ NetworkCardIndex: 0, BaselineBandwidthInGbps: 2.5 }],
  },
  ...change,
});

describe("instance types", () => {
  it("are told with all that the filter compares", async () => {
    mock.on(DescribeInstanceTypesCommand).resolves({ InstanceTypes: [info()] });
    await expect(readInstanceTypes(ec2)).resolves.toEqual([
      {
        instanceType: "g5.xlarge",
        vcpu: 4,
        defaultCpu: { coreCount: 2, threadsPerCore: 2 },
        attachments: { volumes: 25, isShared: true },
        memoryMib: 16384,
        architectures: ["x86_64"],
        gpuCount: 1,
        gpuMemoryMib: 24576,
        gpuName: "A10G",
        accelerators: [],
        networkGbps: 2.5,
        maxNetworkInterfaces: 4,
        ipv4PerInterface: 15,
        ipv6PerInterface: 0,
        requiresEna: true,
        encryptsTraffic: false,
        ebsMbps: 87.5,
        instanceStoreGb: 250,
        supportsSpot: true,
        bareMetal: false,
        burstable: false,
        currentGeneration: true,
        generation: { scale: "g", number: 5 },
        hypervisor: "nitro",
        virtualizationTypes: ["hvm"],
        bootModes: ["uefi"],
        placementStrategies: ["cluster"],
        nitroTpm: true,
      },
    ]);
  });

  it("what EC2 does not state counts as absent", async () => {
    mock.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [
        {
          InstanceType: "m1.small",
          VCpuInfo: { DefaultVCpus: 1 },
          MemoryInfo: { SizeInMiB: 1700 },
        },
      ],
    });
    await expect(readInstanceTypes(ec2)).resolves.toMatchObject([
      {
        supportsSpot: false,
        networkGbps: 0,
        ebsMbps: 0,
        gpuCount: 0,
        hypervisor: "",
        bootModes: [],
      },
    ]);
  });

  it.each([
    ["the sum of the cards' baselines", [25, 25], "100 Gigabit", 50],
    ["the description, where a card has no baseline", [25, undefined], "4x 100 Gigabit", 400],
    ["a peak", [], "Up to 12.5 Gigabit", 12.5],
    ["megabits", [], "800 Megabit", 0.8],
    ["a word without a figure", [], "Moderate", 0],
  ])("network bandwidth: %s", async (_what, ...figures) => {
    const [baselines, NetworkPerformance, expected] = figures;
    const NetworkCards = baselines.map((BaselineBandwidthInGbps) => ({ BaselineBandwidthInGbps }));
    mock.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [info({ NetworkInfo: { NetworkPerformance, NetworkCards } })],
    });
    const [type] = await readInstanceTypes(ec2);
    expect(type?.networkGbps).toBe(expected);
  });

  it.each([
    ["m5.large", { scale: "general", number: 5 }],
    ["c7i-flex.large", { scale: "general", number: 7 }],
    ["r8gd.large", { scale: "general", number: 8 }],
    ["t2.micro", { scale: "general", number: 4 }],
    ["t3a.micro", { scale: "general", number: 5 }],
    ["t8i.large", { scale: "general", number: 8 }],
    ["g4dn.xlarge", { scale: "g", number: 4 }],
    ["im4gn.large", { scale: "im", number: 4 }],
    ["inf2.xlarge", { scale: "inf", number: 2 }],
    ["u-6tb1.56xlarge", { scale: "u-6tb1", number: 0 }],
  ])("%s is of generation %j", async (InstanceType, generation) => {
    mock.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [info({ InstanceType: InstanceType as InstanceTypeInfo["InstanceType"] })],
    });
    const [type] = await readInstanceTypes(ec2);
    expect(type?.generation).toEqual(generation);
  });

  it("tell their accelerators, each with its model and the memory of all", async () => {
    mock.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [
        info({
          InferenceAcceleratorInfo: {
            Accelerators: [{ Name: "Inferentia", Count: 4, MemoryInfo: { SizeInMiB: 8192 } }],
          },
          NeuronInfo: { NeuronDevices: [{ Name: "Inferentia", Count: 4 }] },
          FpgaInfo: { Fpgas: [{ Name: "VU9P", Count: 1, MemoryInfo: { SizeInMiB: 65536 } }] },
          MediaAcceleratorInfo: {
            Accelerators: [{ Name: "U30", Count: 2, MemoryInfo: { SizeInMiB: 24576 } }],
          },
        }),
      ],
    });
    const [type] = await readInstanceTypes(ec2);
    expect(type?.accelerators).toEqual([
      { kind: "inference", name: "Inferentia", count: 4, memoryMib: 32768 },
      { kind: "neuron", name: "Inferentia", count: 4, memoryMib: 0 },
      { kind: "fpga", name: "VU9P", count: 1, memoryMib: 65536 },
      { kind: "media", name: "U30", count: 2, memoryMib: 49152 },
    ]);
  });

  it("are read over all pages of 100, sorted", async () => {
    mock
      .on(DescribeInstanceTypesCommand)
      .resolvesOnce({ InstanceTypes: [info({ InstanceType: "m5.large" })], NextToken: "n" })
      .resolvesOnce({ InstanceTypes: [info({ InstanceType: "c5.large" })] });
    const types = await readInstanceTypes(ec2);
    expect(types.map(({ instanceType }) => instanceType)).toEqual(["c5.large", "m5.large"]);
    expect(inputsOf(DescribeInstanceTypesCommand)).toEqual([
      { MaxResults: 100 },
      { MaxResults: 100, NextToken: "n" },
    ]);
  });

  it("those named are asked by filter, 200 at a time, so that an unknown name is just left out", async () => {
    mock.on(DescribeInstanceTypesCommand).resolves({ InstanceTypes: [] });
    const names = Array.from({ length: 201 }, (_, index) => `m5.${String(index)}large`);
    await expect(readInstanceTypes(ec2, names)).resolves.toEqual([]);
    expect(inputsOf(DescribeInstanceTypesCommand)).toEqual([
      { Filters: [{ Name: "instance-type", Values: names.slice(0, 200) }], MaxResults: 100 },
      { Filters: [{ Name: "instance-type", Values: names.slice(200) }], MaxResults: 100 },
    ]);
  });

  it("without memory is BrokenFacts", async () => {
    mock.on(DescribeInstanceTypesCommand).resolves({ InstanceTypes: [info({ MemoryInfo: {} })] });
    await expect(readInstanceTypes(ec2)).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});

describe("offerings", () => {
  it("are asked by zone id, over all pages, sorted", async () => {
    const request = { LocationType: "availability-zone-id", MaxResults: 1000 };
    mock
      .on(DescribeInstanceTypeOfferingsCommand)
      .resolvesOnce({
        InstanceTypeOfferings: [{ InstanceType: "m5.large", Location: "z2" }],
        NextToken: "n",
      })
      .resolvesOnce({ InstanceTypeOfferings: [{ InstanceType: "m5.large", Location: "z1" }] });
    await expect(readOfferings(ec2)).resolves.toEqual([
      { instanceType: "m5.large", zoneId: "z1" },
      { instanceType: "m5.large", zoneId: "z2" },
    ]);
    expect(inputsOf(DescribeInstanceTypeOfferingsCommand)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
  });
});

describe("placement scores", () => {
  const types = ["m5.large", "c5.large", "r5.large"];

  it("are asked per zone for one instance, with the types sorted, over all pages", async () => {
    const request = {
      InstanceTypes: ["c5.large", "m5.large", "r5.large"],
      TargetCapacity: 1,
      TargetCapacityUnitType: "units",
      SingleAvailabilityZone: true,
      RegionNames: ["eu-central-1"],
      MaxResults: 1000,
    };
    mock
      .on(GetSpotPlacementScoresCommand)
      .resolvesOnce({
        SpotPlacementScores: [{ AvailabilityZoneId: "z2", Score: 9 }],
        NextToken: "n",
      })
      .resolvesOnce({ SpotPlacementScores: [{ AvailabilityZoneId: "z1", Score: 3 }] });
    await expect(
      readPlacementScores(ec2, { instanceTypes: types, region: "eu-central-1" }),
    ).resolves.toEqual([
      { zoneId: "z1", score: 3 },
      { zoneId: "z2", score: 9 },
    ]);
    expect(inputsOf(GetSpotPlacementScoresCommand)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
  });

  it("without types ask nothing", async () => {
    await expect(
      readPlacementScores(ec2, { instanceTypes: [], region: "eu-central-1" }),
    ).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });

  it("when the day's new questions are used up, say so", async () => {
    mock.on(GetSpotPlacementScoresCommand).rejects(awsError("MaxConfigLimitExceeded"));
    await expect(
      readPlacementScores(ec2, { instanceTypes: types, region: "eu-central-1" }),
    ).rejects.toMatchObject({ name: "BrokenQuota", code: "MaxConfigLimitExceeded" });
  });
});
