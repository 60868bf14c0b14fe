/**
 * Limits of an instance type of which only vCPU and memory are known (recorded markets). They come from what the
 * family is known for; where the family is not listed, from the conservative end of AWS's tables. A type made
 * here says `derived: true`: good enough to compare like with like, not to quote.
 */
import type { InstanceTypeRecord } from "./market.ts";

interface FamilyTraits {
  readonly virtualizationTypes: readonly ("hvm" | "paravirtual")[];
  /** Disks as [count, GB each] by size. */
  readonly disks?: Readonly<Record<string, readonly [number, number]>>;
  /** GPUs as [count, name, MiB each] by size. */
  readonly gpus?: Readonly<Record<string, readonly [number, string, number]>>;
  readonly burstable?: true;
}

const hvm = ["hvm"] as const;
const both = ["hvm", "paravirtual"] as const;
const paravirtual = ["paravirtual"] as const;

/** Families from before Nitro: all run on Xen. Disks as in AWS's "previous generation" tables. */
const xenFamilies: Readonly<Record<string, FamilyTraits>> = {
  t1: { virtualizationTypes: paravirtual, burstable: true },
  t2: { virtualizationTypes: hvm, burstable: true },
  m1: {
    virtualizationTypes: paravirtual,
    disks: { small: [1, 160], medium: [1, 410], large: [2, 420], xlarge: [4, 420] },
  },
  m2: {
    virtualizationTypes: paravirtual,
    disks: { xlarge: [1, 420], "2xlarge": [1, 850], "4xlarge": [2, 840] },
  },
  m3: {
    virtualizationTypes: both,
    disks: { medium: [1, 4], large: [1, 32], xlarge: [2, 40], "2xlarge": [2, 80] },
  },
  m4: { virtualizationTypes: hvm },
  c1: { virtualizationTypes: paravirtual, disks: { medium: [1, 350], xlarge: [4, 420] } },
  c3: {
    virtualizationTypes: both,
    disks: {
      large: [2, 16],
      xlarge: [2, 40],
      "2xlarge": [2, 80],
      "4xlarge": [2, 160],
      "8xlarge": [2, 320],
    },
  },
  c4: { virtualizationTypes: hvm },
  r3: {
    virtualizationTypes: hvm,
    disks: {
      large: [1, 32],
      xlarge: [1, 80],
      "2xlarge": [1, 160],
      "4xlarge": [1, 320],
      "8xlarge": [2, 320],
    },
  },
  r4: { virtualizationTypes: hvm },
  d2: {
    virtualizationTypes: hvm,
    disks: {
      xlarge: [3, 2000],
      "2xlarge": [6, 2000],
      "4xlarge": [12, 2000],
      "8xlarge": [24, 2000],
    },
  },
  i2: {
    virtualizationTypes: hvm,
    disks: { xlarge: [1, 800], "2xlarge": [2, 800], "4xlarge": [4, 800], "8xlarge": [8, 800] },
  },
  i3: {
    virtualizationTypes: hvm,
    disks: { large: [1, 475], xlarge: [1, 950], "2xlarge": [1, 1900], "4xlarge": [2, 1900] },
  },
  h1: { virtualizationTypes: hvm, disks: { "2xlarge": [1, 2000], "4xlarge": [2, 2000] } },
  cr1: { virtualizationTypes: hvm, disks: { "8xlarge": [2, 120] } },
  hi1: { virtualizationTypes: both, disks: { "4xlarge": [2, 1024] } },
  cg1: {
    virtualizationTypes: hvm,
    disks: { "4xlarge": [2, 840] },
    gpus: { "4xlarge": [2, "M2050", 3072] },
  },
  g2: {
    virtualizationTypes: hvm,
    disks: { "2xlarge": [1, 60], "8xlarge": [2, 120] },
    gpus: { "2xlarge": [1, "K520", 4096], "8xlarge": [4, "K520", 4096] },
  },
  g3: {
    virtualizationTypes: hvm,
    gpus: { "4xlarge": [1, "M60", 8192], "8xlarge": [2, "M60", 8192] },
  },
  p2: {
    virtualizationTypes: hvm,
    gpus: { xlarge: [1, "K80", 12288], "8xlarge": [8, "K80", 12288] },
  },
  p3: {
    virtualizationTypes: hvm,
    gpus: { "2xlarge": [1, "V100", 16384], "8xlarge": [4, "V100", 16384] },
  },
  x1: { virtualizationTypes: hvm },
  x1e: { virtualizationTypes: hvm },
};

/** [up to vCPU, network Gbit/s, EBS Mbit/s, interfaces, IPv4 per interface]: the low end of AWS's tables. */
type Step = readonly [number, number, number, number, number];
const xenSteps: readonly Step[] = [
  [1, 0.3, 0, 2, 6],
  [2, 0.45, 450, 2, 10],
  [4, 0.75, 750, 4, 15],
  [8, 1, 1000, 4, 15],
  [16, 2, 2000, 8, 30],
  [Infinity, 10, 4000, 8, 30],
];
const nitroSteps: readonly Step[] = [
  [1, 0.5, 315, 2, 4],
  [2, 0.75, 650, 3, 10],
  [4, 1.25, 1150, 4, 15],
  [8, 2.5, 2300, 4, 15],
  [16, 5, 4750, 8, 30],
  [Infinity, 10, 6800, 8, 30],
];
const lastStep: Step = [Infinity, 10, 4000, 8, 30];

/** Families before these numbers are listed by AWS as previous generation. */
const previousGeneration = /^(t1|m[1-3]|c[13]|r3|i2|g2|cr1|hi1|cg1)$/;
/** Graviton: a `g` after the generation's number (m6g, c7gn, t4g …), and a1; g5g has it too. */
const graviton = /^(a1|[a-z]+\d+g[a-z]*|g5g)$/;

const devicesOf = (
  traits: FamilyTraits | undefined,
  size: string,
): Pick<InstanceTypeRecord, "gpu" | "instanceStore"> => {
  const disks = traits?.disks?.[size];
  const gpu = traits?.gpus?.[size];
  return {
    ...(gpu === undefined ? {} : { gpu: { count: gpu[0], name: gpu[1], memoryMib: gpu[2] } }),
    ...(disks === undefined ? {} : { instanceStore: { disks: disks[0], gbEach: disks[1] } }),
  };
};

/** The API's words for the low end of the old scale. */
const performanceOf = (networkGbps: number): string => {
  if (networkGbps >= 10) return "10 Gigabit";
  return networkGbps < 0.4 ? "Low" : "Moderate";
};

const limitsOf = (vcpu: number, steps: readonly Step[]) => {
  const step = steps.find(([upTo]) => vcpu <= upTo) ?? lastStep;
  const [, networkGbps, ebsMbps, maxInterfaces, ipv4PerInterface] = step;
  return {
    networkGbps,
    networkPeakGbps: networkGbps,
    networkPerformance: performanceOf(networkGbps),
    ebsBaselineMbps: ebsMbps,
    ebsMaximumMbps: ebsMbps,
    maxInterfaces,
    ipv4PerInterface,
  };
};

const processorOf = (family: string, vcpu: number) => {
  const isArm = graviton.test(family);
  return {
    threadsPerCore: isArm || vcpu === 1 ? 1 : 2,
    architectures: [isArm ? "arm64" : "x86_64"],
    bootModes: [isArm ? ("uefi" as const) : ("legacy-bios" as const)],
  };
};

const lines = {
  nitro: { steps: nitroSteps, volumeLimit: { volumes: 27, isShared: true } },
  xen: { steps: xenSteps, volumeLimit: { volumes: 40, isShared: true } },
} as const;

export const deriveType = (input: {
  readonly instanceType: string;
  readonly vcpu: number;
  readonly memoryGib: number;
}): InstanceTypeRecord => {
  const { instanceType, vcpu } = input;
  const [family = "", size = ""] = instanceType.split(".");
  const traits = xenFamilies[family];
  const isMetal = size.startsWith("metal");
  const virtual = traits === undefined ? "nitro" : "xen";
  return {
    instanceType,
    vcpu,
    memoryMib: Math.round(input.memoryGib * 1024),
    ...processorOf(family, vcpu),
    ...devicesOf(traits, size),
    ...limitsOf(vcpu, lines[virtual].steps),
    volumeLimit: lines[virtual].volumeLimit,
    hypervisor: isMetal ? "" : virtual,
    virtualizationTypes: traits?.virtualizationTypes ?? hvm,
    supportsSpot: true,
    bareMetal: isMetal,
    burstable: traits?.burstable ?? /^t\d/.test(family),
    currentGeneration: !previousGeneration.test(family),
    derived: true,
  };
};
