/** Instance types and where they are offered, from the market's catalogue. */
import type {
  ArchitectureType,
  DescribeInstanceTypeOfferingsCommandInput,
  DescribeInstanceTypeOfferingsResult,
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesResult,
  InstanceTypeInfo,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { InstanceTypeRecord } from "../market/market.ts";
import type { Ec2Context } from "./context.ts";
import { applyFilters, type Fields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { refuse } from "./refusals.ts";
import { strategiesOf, validCoresOf } from "./references.ts";
import { regionOf } from "./regions.ts";
import type { RegionState } from "./state.ts";

type AcceleratorKind = NonNullable<InstanceTypeRecord["accelerators"]>[number]["kind"];

const usageClasses = (type: InstanceTypeRecord) =>
  type.supportsSpot ? (["on-demand", "spot"] as const) : (["on-demand"] as const);

const storageOf = (type: InstanceTypeRecord): Partial<InstanceTypeInfo> =>
  type.instanceStore === undefined
    ? { InstanceStorageSupported: false }
    : {
        InstanceStorageSupported: true,
        InstanceStorageInfo: {
          TotalSizeInGB: type.instanceStore.disks * type.instanceStore.gbEach,
          Disks: [
            { Count: type.instanceStore.disks, SizeInGB: type.instanceStore.gbEach, Type: "ssd" },
          ],
          NvmeSupport: type.hypervisor === "nitro" ? "required" : "unsupported",
        },
      };

const gpuOf = (type: InstanceTypeRecord): Partial<InstanceTypeInfo> =>
  type.gpu === undefined
    ? {}
    : {
        GpuInfo: {
          Gpus: [
            {
              Name: type.gpu.name,
              Manufacturer: "NVIDIA",
              Count: type.gpu.count,
              MemoryInfo: { SizeInMiB: type.gpu.memoryMib },
            },
          ],
          TotalGpuMemoryInMiB: type.gpu.count * type.gpu.memoryMib,
        },
      };

const acceleratorsOf = (type: InstanceTypeRecord): Partial<InstanceTypeInfo> => {
  const devices = (kind: AcceleratorKind) =>
    (type.accelerators ?? [])
      .filter((found) => found.kind === kind)
      .map(({ name, count, memoryMib }) => ({
        Name: name,
        Count: count,
        MemoryInfo: { SizeInMiB: memoryMib },
      }));
  const [inference, neuron] = [devices("inference"), devices("neuron")];
  const [fpgas, media] = [devices("fpga"), devices("media")];
  return {
    ...(inference.length > 0 && { InferenceAcceleratorInfo: { Accelerators: inference } }),
    ...(neuron.length > 0 && { NeuronInfo: { NeuronDevices: neuron } }),
    ...(fpgas.length > 0 && { FpgaInfo: { Fpgas: fpgas } }),
    ...(media.length > 0 && { MediaAcceleratorInfo: { Accelerators: media } }),
  };
};

/** Mbit/s to MB/s: the API states both. */
const megabytes = (megabits: number): number => megabits / 8;

const ebsOf = (type: InstanceTypeRecord): Partial<InstanceTypeInfo> => ({
  EbsInfo: {
    EbsOptimizedSupport: type.ebsBaselineMbps === 0 ? "unsupported" : "default",
    EncryptionSupport: "supported",
    MaximumEbsAttachments: type.volumeLimit.volumes,
    AttachmentLimitType: type.volumeLimit.isShared ? "shared" : "dedicated",
    NvmeSupport: type.hypervisor === "nitro" ? "required" : "unsupported",
    ...(type.ebsBaselineMbps === 0
      ? {}
      : {
          EbsOptimizedInfo: {
            BaselineBandwidthInMbps: type.ebsBaselineMbps,
            BaselineThroughputInMBps: megabytes(type.ebsBaselineMbps),
            MaximumBandwidthInMbps: type.ebsMaximumMbps,
            MaximumThroughputInMBps: megabytes(type.ebsMaximumMbps),
          },
        }),
  },
});

const networkOf = (type: InstanceTypeRecord): Partial<InstanceTypeInfo> => ({
  NetworkInfo: {
    NetworkPerformance: type.networkPerformance,
    MaximumNetworkInterfaces: type.maxInterfaces,
    MaximumNetworkCards: 1,
    DefaultNetworkCardIndex: 0,
    NetworkCards: [
      {
        NetworkCardIndex: 0,
        NetworkPerformance: type.networkPerformance,
        MaximumNetworkInterfaces: type.maxInterfaces,
        BaselineBandwidthInGbps: type.networkGbps,
        PeakBandwidthInGbps: type.networkPeakGbps,
      },
    ],
    Ipv4AddressesPerInterface: type.ipv4PerInterface,
    Ipv6AddressesPerInterface: type.ipv4PerInterface,
    Ipv6Supported: true,
    EnaSupport: type.hypervisor === "nitro" ? "required" : "supported",
    EfaSupported: false,
    EncryptionInTransitSupported: type.hypervisor === "nitro",
  },
});

const view = (type: InstanceTypeRecord): InstanceTypeInfo => ({
  InstanceType: type.instanceType as _InstanceType,
  CurrentGeneration: type.currentGeneration,
  FreeTierEligible: type.instanceType === "t3.micro",
  SupportedUsageClasses: [...usageClasses(type)],
  SupportedRootDeviceTypes: ["ebs"],
  SupportedVirtualizationTypes: [...type.virtualizationTypes],
  SupportedBootModes: [...type.bootModes],
  BareMetal: type.bareMetal,
  ...(type.hypervisor === "" ? {} : { Hypervisor: type.hypervisor }),
  ProcessorInfo: { SupportedArchitectures: type.architectures as ArchitectureType[] },
  VCpuInfo: {
    DefaultVCpus: type.vcpu,
    DefaultCores: Math.max(1, type.vcpu / type.threadsPerCore),
    DefaultThreadsPerCore: type.threadsPerCore,
    ...(validCoresOf(type).length > 0 && {
      ValidCores: [...validCoresOf(type)],
      ValidThreadsPerCore: Array.from({ length: type.threadsPerCore }, (_, index) => index + 1),
    }),
  },
  PlacementGroupInfo: { SupportedStrategies: strategiesOf(type) },
  NitroTpmSupport: type.hypervisor === "nitro" ? "supported" : "unsupported",
  MemoryInfo: { SizeInMiB: type.memoryMib },
  BurstablePerformanceSupported: type.burstable,
  DedicatedHostsSupported: !type.burstable,
  HibernationSupported: type.hypervisor === "nitro",
  AutoRecoverySupported: true,
  NitroEnclavesSupport:
    type.hypervisor === "nitro" && type.vcpu >= 4 && !type.burstable ? "supported" : "unsupported",
  ...storageOf(type),
  ...gpuOf(type),
  ...acceleratorsOf(type),
  ...ebsOf(type),
  ...networkOf(type),
});

const fields: Fields<InstanceTypeRecord> = {
  "instance-type": (type) => type.instanceType,
  "current-generation": (type) => type.currentGeneration,
  "bare-metal": (type) => type.bareMetal,
  "burstable-performance-supported": (type) => type.burstable,
  hypervisor: (type) => type.hypervisor,
  "supported-usage-class": (type) => usageClasses(type),
  "supported-virtualization-type": (type) => type.virtualizationTypes,
  "supported-boot-mode": (type) => type.bootModes,
  "processor-info.supported-architecture": (type) => type.architectures,
  "vcpu-info.default-vcpus": (type) => type.vcpu,
  "memory-info.size-in-mib": (type) => type.memoryMib,
  "instance-storage-supported": (type) => type.instanceStore !== undefined,
};

const isOfferedIn = (context: Ec2Context, region: RegionState, type: InstanceTypeRecord): boolean =>
  region.zones.some((zone) => context.market.isOffered(region.region, zone.id, type.instanceType));

const named = (
  types: readonly InstanceTypeRecord[],
  names: readonly string[] | undefined,
): readonly InstanceTypeRecord[] => {
  if (names === undefined || names.length === 0) return types;
  const known = new Map(types.map((type) => [type.instanceType, type]));
  const absent = names.filter((name) => !known.has(name));
  if (absent.length > 0) {
    throw refuse(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${absent.join(", ")}]`,
    );
  }
  return names.flatMap((name) => known.get(name) ?? []);
};

interface Offering {
  readonly InstanceType: _InstanceType;
  readonly Location: string;
  readonly LocationType: "region" | "availability-zone" | "availability-zone-id";
}

const offeringsOf = (
  context: Ec2Context,
  region: RegionState,
  LocationType: Offering["LocationType"],
): readonly Offering[] =>
  context.market.types().flatMap((type): readonly Offering[] => {
    const InstanceType = type.instanceType as _InstanceType;
    const zones = region.zones.filter((zone) =>
      context.market.isOffered(region.region, zone.id, type.instanceType),
    );
    if (LocationType === "region") {
      return zones.length === 0 ? [] : [{ InstanceType, Location: region.region, LocationType }];
    }
    return zones.map((zone) => ({
      InstanceType,
      Location: LocationType === "availability-zone" ? zone.name : zone.id,
      LocationType,
    }));
  });

export const instanceTypeOperations = (context: Ec2Context) => ({
  DescribeInstanceTypes: (
    call: Call,
    input: DescribeInstanceTypesCommandInput,
  ): DescribeInstanceTypesResult => {
    const region = regionOf(context, call);
    const offered = context.market.types().filter((type) => isOfferedIn(context, region, type));
    const types = applyFilters(named(offered, input.InstanceTypes), input.Filters, fields);
    const { items, ...next } = paginate(types, input, {
      min: 5,
      max: 100,
      pageSize: context.settings.pageSize,
      ids: input.InstanceTypes,
      idsParameter: "instanceTypes",
    });
    return { InstanceTypes: items.map(view), ...next };
  },

  DescribeInstanceTypeOfferings: (
    call: Call,
    input: DescribeInstanceTypeOfferingsCommandInput,
  ): DescribeInstanceTypeOfferingsResult => {
    const region = regionOf(context, call);
    const locationType = input.LocationType ?? "region";
    if (locationType === "outpost") return { InstanceTypeOfferings: [] };
    const offerings = applyFilters(offeringsOf(context, region, locationType), input.Filters, {
      "instance-type": (offering) => offering.InstanceType,
      location: (offering) => offering.Location,
    });
    const { items, ...next } = paginate(offerings, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { InstanceTypeOfferings: items, ...next };
  },
});
