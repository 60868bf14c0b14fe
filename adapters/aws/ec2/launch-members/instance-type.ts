/** Lists every member of the SDK's InstanceTypeInfo: by what a candidate is compared with the original's type. */
import type {
  EbsInfo,
  EbsOptimizedInfo,
  FpgaInfo,
  GpuDeviceInfo,
  GpuInfo,
  InferenceAcceleratorInfo,
  InstanceStorageInfo,
  InstanceTypeInfo,
  MediaAcceleratorInfo,
  MemoryInfo,
  NetworkCardInfo,
  NetworkInfo,
  NeuronDeviceInfo,
  NeuronInfo,
  PlacementGroupInfo,
  ProcessorInfo,
  VCpuInfo,
} from "@aws-sdk/client-ec2";
import { compared, comparedIn, irrelevant, told, type MembersOf } from "./member.ts";

const keptForSameType = "CPU options are kept for the same type alone.";
const storeIsRefused = "An original with instance store is refused.";
const enclavesAreRefused = "An original with enclaves is refused.";

/** Of accelerators: model, number and memory. */
const deviceParts = {
  Count: compared,
  Manufacturer: irrelevant("The names are compared."),
  MemoryInfo: comparedIn({ SizeInMiB: compared }),
  Name: compared,
} as const;
const totalOfDevices = irrelevant("It is the memory of the devices, summed up.");

const { Manufacturer: _maker, ...modelParts } = deviceParts;
const neuronDeviceParts = {
  ...modelParts,
  CoreInfo: irrelevant("It follows from the model, which is compared."),
} as const satisfies MembersOf<NeuronDeviceInfo>;

const processorParts = {
  Manufacturer: told("What was compiled for one maker's instructions may not run on another."),
  SupportedArchitectures: compared,
  SupportedFeatures: irrelevant("An original with SEV-SNP or nested virtualization is refused."),
  SustainedClockSpeedInGhz: told("A vCPU of a slower clock is taken for an equal one."),
} as const satisfies MembersOf<ProcessorInfo>;

const vcpuParts = {
  DefaultCores: compared,
  DefaultThreadsPerCore: compared,
  DefaultVCpus: compared,
  ValidCores: irrelevant(keptForSameType),
  ValidThreadsPerCore: irrelevant(keptForSameType),
} as const satisfies MembersOf<VCpuInfo>;

const memoryParts = { SizeInMiB: compared } as const satisfies MembersOf<MemoryInfo>;

const storageParts = {
  Disks: irrelevant(storeIsRefused),
  EncryptionSupport: irrelevant(storeIsRefused),
  NvmeSupport: irrelevant(storeIsRefused),
  TotalSizeInGB: compared,
} as const satisfies MembersOf<InstanceStorageInfo>;

const ebsOptimizedParts = {
  BaselineBandwidthInMbps: irrelevant("It is the throughput, in other units."),
  BaselineIops: told("A type of fewer IOPS is taken where its throughput is enough."),
  BaselineThroughputInMBps: compared,
  MaximumBandwidthInMbps: irrelevant("Baselines are compared: a burst ends."),
  MaximumIops: irrelevant("Baselines are compared: a burst ends."),
  MaximumThroughputInMBps: irrelevant("Baselines are compared: a burst ends."),
} as const satisfies MembersOf<EbsOptimizedInfo>;

const cards = irrelevant("An original with volumes on a second EBS card is refused.");

const ebsParts = {
  AttachmentLimitType: compared,
  EbsCards: cards,
  EbsOptimizedInfo: comparedIn(ebsOptimizedParts),
  EbsOptimizedSupport: irrelevant("A type without has a throughput of 0, which is compared."),
  EncryptionSupport: told(
    "EC2 refuses an encrypted root on a type without (of before 2014): the next offer is tried.",
  ),
  MaximumEbsAttachments: compared,
  MaximumEbsCards: cards,
  NvmeSupport: irrelevant("The hypervisors are compared, and Nitro alone has NVMe."),
} as const satisfies MembersOf<EbsInfo>;

const secondary = irrelevant("An original with interfaces of a secondary network is refused.");
const efaIsRefused = irrelevant("An original with an EFA is refused.");
const queues = told("The clone's interfaces have the default number of queues.");

const cardParts = {
  AdditionalFlexibleNetworkInterfaces: irrelevant("The type says how many it takes in all."),
  BaselineBandwidthInGbps: compared,
  DefaultEnaQueueCountPerInterface: queues,
  InterfaceTypes: irrelevant("Plain interfaces alone are carried, which every card takes."),
  MaximumEnaQueueCount: queues,
  MaximumEnaQueueCountPerInterface: queues,
  MaximumNetworkInterfaces: irrelevant("The type says how many it takes in all."),
  NetworkCardIndex: irrelevant("An original that uses several network cards is refused."),
  NetworkPerformance: irrelevant("It is the baseline, in words."),
  PeakBandwidthInGbps: irrelevant("Baselines are compared: a burst ends."),
} as const satisfies MembersOf<NetworkCardInfo>;

const networkParts = {
  BandwidthWeightings: irrelevant("An original with another weighting is refused."),
  ConnectionTrackingConfiguration: told("The clone has its type's default times."),
  DefaultNetworkCardIndex: irrelevant("An original that uses several network cards is refused."),
  EfaInfo: efaIsRefused,
  EfaSupported: efaIsRefused,
  EnaSrdSupported: irrelevant("An original with ENA Express is refused."),
  EnaSupport: compared,
  EncryptionInTransitSupported: compared,
  FlexibleEnaQueuesSupport: queues,
  Ipv4AddressesPerInterface: compared,
  Ipv4AddressesPerSecondaryInterface: secondary,
  Ipv6AddressesPerInterface: compared,
  Ipv6Supported: compared,
  MaximumNetworkCards: irrelevant("An original that uses several network cards is refused."),
  MaximumNetworkInterfaces: compared,
  MaximumSecondaryNetworkInterfaces: secondary,
  NetworkCards: comparedIn(cardParts),
  NetworkPerformance: compared,
  SecondaryNetworkSupported: secondary,
} as const satisfies MembersOf<NetworkInfo>;

const shareOfGpu = irrelevant("A share of a GPU has a share of its memory, which is compared.");

const gpuDeviceParts = {
  Count: compared,
  GpuPartitionSize: shareOfGpu,
  LogicalGpuCount: shareOfGpu,
  Manufacturer: irrelevant("The names are compared."),
  MemoryInfo: irrelevant("The memory of all GPUs is compared."),
  Name: compared,
  Workloads: irrelevant("It says what the maker recommends; the names are compared."),
} as const satisfies MembersOf<GpuDeviceInfo>;

const gpuParts = {
  Gpus: comparedIn(gpuDeviceParts),
  TotalGpuMemoryInMiB: compared,
} as const satisfies MembersOf<GpuInfo>;

export const instanceTypeMembers = {
  AutoRecoverySupported: irrelevant(
    "The setting is accepted by every type, and holds where the type can.",
  ),
  BareMetal: compared,
  BurstablePerformanceSupported: compared,
  CurrentGeneration: compared,
  DedicatedHostsSupported: irrelevant("Spot runs on shared hardware."),
  EbsInfo: comparedIn(ebsParts),
  FpgaInfo: comparedIn({
    Fpgas: comparedIn(deviceParts),
    TotalFpgaMemoryInMiB: totalOfDevices,
  } satisfies MembersOf<FpgaInfo>),
  FreeTierEligible: irrelevant("Prices are compared without the free tier."),
  GpuInfo: comparedIn(gpuParts),
  HibernationSupported: irrelevant("An original that hibernates is refused."),
  Hypervisor: compared,
  InferenceAcceleratorInfo: comparedIn({
    Accelerators: comparedIn(deviceParts),
    TotalInferenceMemoryInMiB: totalOfDevices,
  } satisfies MembersOf<InferenceAcceleratorInfo>),
  InstanceStorageInfo: comparedIn(storageParts),
  InstanceStorageSupported: irrelevant("A type without has a size of 0, which is compared."),
  InstanceType: compared,
  MediaAcceleratorInfo: comparedIn({
    Accelerators: comparedIn(deviceParts),
    TotalMediaMemoryInMiB: totalOfDevices,
  } satisfies MembersOf<MediaAcceleratorInfo>),
  MemoryInfo: comparedIn(memoryParts),
  NetworkInfo: comparedIn(networkParts),
  NeuronInfo: comparedIn({
    NeuronDevices: comparedIn(neuronDeviceParts),
    TotalNeuronDeviceMemoryInMiB: totalOfDevices,
  } satisfies MembersOf<NeuronInfo>),
  NitroEnclavesSupport: irrelevant(enclavesAreRefused),
  NitroTpmInfo: irrelevant("There is one version of it."),
  NitroTpmSupport: compared,
  PhcSupport: told("A type without a hardware clock takes the place of one with it."),
  PlacementGroupInfo: comparedIn({
    SupportedStrategies: compared,
  } satisfies MembersOf<PlacementGroupInfo>),
  ProcessorInfo: comparedIn(processorParts),
  RebootMigrationSupport: irrelevant("An original with a scheduled event is refused."),
  SupportedBootModes: compared,
  SupportedInRegion: irrelevant("The zones in which a type is offered are read."),
  SupportedRootDeviceTypes: irrelevant("Every type on Nitro boots from EBS; EC2 refuses others."),
  SupportedUsageClasses: compared,
  SupportedVirtualizationTypes: compared,
  VCpuInfo: comparedIn(vcpuParts),
} as const satisfies MembersOf<InstanceTypeInfo>;
