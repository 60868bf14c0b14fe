/** From EC2's description of an instance type to InstanceTypeFacts. Pure. */
import type { InstanceTypeInfo, NetworkInfo } from "@aws-sdk/client-ec2";
import type {
  AcceleratorFacts,
  AttachmentLimit,
  CpuOptionsFacts,
  Generation,
  InstanceTypeFacts,
} from "../../../core/model/market.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** `10 Gigabit`, `Up to 12.5 Gigabit`, `4x 100 Gigabit`, `800 Megabit`. Words (`Moderate`) carry no figure. */
const parsePerformance = (text: string): number => {
  const match = /(?:(\d+)x )?(\d+(?:\.\d+)?) (Gigabit|Megabit)/.exec(text);
  if (match === null) return 0;
  const cards = match[1] === undefined ? 1 : Number(match[1]);
  const gbps = match[3] === "Megabit" ? Number(match[2]) / 1000 : Number(match[2]);
  return cards * gbps;
};

/**
 * Baseline in Gbit/s: the sum over the network cards where EC2 states it; else the figure of the description,
 * which is the peak for `Up to …`; 0 where there is none.
 */
const networkGbps = (network: NetworkInfo | undefined): number => {
  const cards = network?.NetworkCards ?? [];
  const baselines = cards.flatMap(({ BaselineBandwidthInGbps }) => BaselineBandwidthInGbps ?? []);
  if (cards.length > 0 && baselines.length === cards.length) {
    return baselines.reduce((sum, baseline) => sum + baseline, 0);
  }
  return parsePerformance(network?.NetworkPerformance ?? "");
};

const gpuFacts = (
  info: InstanceTypeInfo,
): Pick<InstanceTypeFacts, "gpuCount" | "gpuMemoryMib" | "gpuName"> => {
  const gpus = info.GpuInfo?.Gpus ?? [];
  const names = [...new Set(gpus.flatMap(({ Name }) => Name ?? []))].sort();
  return {
    gpuCount: gpus.reduce((sum, { Count }) => sum + (Count ?? 0), 0),
    gpuMemoryMib: info.GpuInfo?.TotalGpuMemoryInMiB ?? 0,
    ...(names.length === 0 ? {} : { gpuName: names.join("+") }),
  };
};

/** T types count for themselves; here by the M types of their year, with which they are compared. Source: AWS's announcements. */
const generationOfBurstable: Readonly<Record<number, number>> = { 1: 1, 2: 4, 3: 5, 4: 6 };

const generalSeries = ["m", "c", "r", "t"];

/** `m5` → 5 of general, `g4dn` → 4 of g, `u-6tb1` → by itself. */
const generationOf = (instanceType: string): Generation => {
  const [family = ""] = instanceType.split(".");
  const [, series, digits] = /^([a-z]+)(\d+)/.exec(family) ?? [];
  if (series === undefined || digits === undefined) return { scale: family, number: 0 };
  const number = Number(digits);
  if (!generalSeries.includes(series)) return { scale: series, number };
  const ofYear = series === "t" ? generationOfBurstable[number] : undefined;
  return { scale: "general", number: ofYear ?? number };
};

interface DeviceInfo {
  readonly Name?: string | undefined;
  readonly Count?: number | undefined;
  readonly MemoryInfo?: { readonly SizeInMiB?: number | undefined } | undefined;
}

const devicesOf = (
  kind: AcceleratorFacts["kind"],
  devices: readonly DeviceInfo[] | undefined,
): readonly AcceleratorFacts[] =>
  (devices ?? []).map(({ Name, Count = 0, MemoryInfo }) => ({
    kind,
    name: Name ?? "",
    count: Count,
    memoryMib: Count * (MemoryInfo?.SizeInMiB ?? 0),
  }));

const acceleratorsOf = (info: InstanceTypeInfo): readonly AcceleratorFacts[] => [
  ...devicesOf("inference", info.InferenceAcceleratorInfo?.Accelerators),
  ...devicesOf("neuron", info.NeuronInfo?.NeuronDevices),
  ...devicesOf("fpga", info.FpgaInfo?.Fpgas),
  ...devicesOf("media", info.MediaAcceleratorInfo?.Accelerators),
];

const ipv6PerInterface = (network: NetworkInfo | undefined): number =>
  network?.Ipv6Supported === false ? 0 : (network?.Ipv6AddressesPerInterface ?? 0);

type NetworkFacts = Pick<
  InstanceTypeFacts,
  | "networkGbps"
  | "maxNetworkInterfaces"
  | "ipv4PerInterface"
  | "ipv6PerInterface"
  | "requiresEna"
  | "encryptsTraffic"
>;

const networkFacts = ({ NetworkInfo: network = {} }: InstanceTypeInfo): NetworkFacts => ({
  networkGbps: networkGbps(network),
  maxNetworkInterfaces: network.MaximumNetworkInterfaces ?? 0,
  ipv4PerInterface: network.Ipv4AddressesPerInterface ?? 0,
  ipv6PerInterface: ipv6PerInterface(network),
  requiresEna: network.EnaSupport === "required",
  encryptsTraffic: network.EncryptionInTransitSupported ?? false,
});

const attachmentsOf = ({ EbsInfo: ebs }: InstanceTypeInfo): AttachmentLimit | undefined =>
  ebs?.MaximumEbsAttachments === undefined
    ? undefined
    : { volumes: ebs.MaximumEbsAttachments, isShared: ebs.AttachmentLimitType !== "dedicated" };

const defaultCpuOf = ({ VCpuInfo: cpu }: InstanceTypeInfo): CpuOptionsFacts | undefined =>
  cpu?.DefaultCores === undefined || cpu.DefaultThreadsPerCore === undefined
    ? undefined
    : { coreCount: cpu.DefaultCores, threadsPerCore: cpu.DefaultThreadsPerCore };

const guestFacts = (
  info: InstanceTypeInfo,
): Pick<InstanceTypeFacts, "hypervisor" | "virtualizationTypes" | "bootModes" | "nitroTpm"> => ({
  hypervisor: info.Hypervisor ?? "",
  virtualizationTypes: info.SupportedVirtualizationTypes ?? [],
  bootModes: info.SupportedBootModes ?? [],
  nitroTpm: info.NitroTpmSupport === "supported",
});

const saleFacts = (
  info: InstanceTypeInfo,
): Pick<
  InstanceTypeFacts,
  "supportsSpot" | "bareMetal" | "burstable" | "currentGeneration" | "placementStrategies"
> => ({
  supportsSpot: info.SupportedUsageClasses?.includes("spot") ?? false,
  bareMetal: info.BareMetal ?? false,
  burstable: info.BurstablePerformanceSupported ?? false,
  currentGeneration: info.CurrentGeneration ?? false,
  placementStrategies: info.PlacementGroupInfo?.SupportedStrategies ?? [],
});

/**
 * A capability that EC2 does not state counts as absent (0, false, empty): the type is then no worse chosen than
 * it is known to be.
 * @throws BrokenFacts when vCPU or memory are missing
 */
export const toInstanceTypeFacts = (info: InstanceTypeInfo): InstanceTypeFacts => {
  const instanceType = required(info.InstanceType, "an instance type's name");
  return withoutUndefined({
    instanceType,
    defaultCpu: defaultCpuOf(info),
    attachments: attachmentsOf(info),
    vcpu: required(info.VCpuInfo?.DefaultVCpus, `the vCPUs of ${instanceType}`),
    memoryMib: required(info.MemoryInfo?.SizeInMiB, `the memory of ${instanceType}`),
    architectures: info.ProcessorInfo?.SupportedArchitectures ?? [],
    ...gpuFacts(info),
    accelerators: acceleratorsOf(info),
    ...networkFacts(info),
    ebsMbps: info.EbsInfo?.EbsOptimizedInfo?.BaselineThroughputInMBps ?? 0,
    instanceStoreGb: info.InstanceStorageInfo?.TotalSizeInGB ?? 0,
    ...saleFacts(info),
    ...guestFacts(info),
    generation: generationOf(instanceType),
  });
};
