/** Families and sizes of the simulated market, as AWS's public tables have them. See catalogue.ts for what the prices are. */
import type { InstanceTypeRecord } from "./market.ts";

type Accelerator = NonNullable<InstanceTypeRecord["accelerators"]>[number];

/** Of which EC2 tells under two names. */
const inferentia: readonly Accelerator[] = [
  { kind: "inference", name: "Inferentia", count: 1, memoryMib: 8192 },
  { kind: "neuron", name: "Inferentia", count: 1, memoryMib: 8192 },
];

/** size, vCPU, GiB, network baseline Gbit/s, EBS baseline Mbit/s, USD/h, interfaces, IPv4 per interface. */
export type SizeRow = readonly [string, number, number, number, number, number, number, number];

export interface Family {
  readonly name: string;
  readonly architecture?: "arm64";
  readonly threadsPerCore?: 1;
  readonly hypervisor?: "xen";
  readonly burstable?: true;
  /** As DescribeInstanceTypes said in 2026: it calls m5 and r6i old, and t2 and i3 current. Source: a dump in moto 5.2.5. */
  readonly previousGeneration?: true;
  readonly networkPeakGbps: number;
  readonly ebsMaximumMbps: number;
  readonly gpus?: Readonly<Record<string, number>>;
  /** What a size has of each, beside CPU and GPU. */
  readonly accelerators?: Readonly<Record<string, readonly Accelerator[]>>;
  readonly disks?: Readonly<Record<string, readonly [number, number]>>;
  readonly sizes: readonly SizeRow[];
}

export const families: readonly Family[] = [
  {
    name: "m5",
    previousGeneration: true,
    networkPeakGbps: 10,
    ebsMaximumMbps: 4750,
    sizes: [
      ["large", 2, 8, 0.75, 650, 0.096, 3, 10],
      ["xlarge", 4, 16, 1.25, 1150, 0.192, 4, 15],
      ["2xlarge", 8, 32, 2.5, 2300, 0.384, 4, 15],
      ["4xlarge", 16, 64, 5, 4750, 0.768, 8, 30],
    ],
  },
  {
    name: "m5a",
    networkPeakGbps: 10,
    ebsMaximumMbps: 2880,
    sizes: [
      ["large", 2, 8, 0.75, 650, 0.086, 3, 10],
      ["xlarge", 4, 16, 1.25, 1085, 0.172, 4, 15],
      ["2xlarge", 8, 32, 2.5, 1580, 0.344, 4, 15],
      ["4xlarge", 16, 64, 5, 2880, 0.688, 8, 30],
    ],
  },
  {
    name: "m6i",
    previousGeneration: true,
    networkPeakGbps: 12.5,
    ebsMaximumMbps: 10000,
    sizes: [
      ["large", 2, 8, 0.781, 650, 0.096, 3, 10],
      ["xlarge", 4, 16, 1.562, 1250, 0.192, 4, 15],
      ["2xlarge", 8, 32, 3.125, 2500, 0.384, 4, 15],
      ["4xlarge", 16, 64, 6.25, 5000, 0.768, 8, 30],
      ["8xlarge", 32, 128, 12.5, 10000, 1.536, 8, 30],
    ],
  },
  {
    name: "m6a",
    networkPeakGbps: 12.5,
    ebsMaximumMbps: 10000,
    sizes: [
      ["large", 2, 8, 0.781, 650, 0.0864, 3, 10],
      ["xlarge", 4, 16, 1.562, 1250, 0.1728, 4, 15],
      ["2xlarge", 8, 32, 3.125, 2500, 0.3456, 4, 15],
      ["4xlarge", 16, 64, 6.25, 5000, 0.6912, 8, 30],
    ],
  },
  {
    name: "m6g",
    architecture: "arm64",
    threadsPerCore: 1,
    networkPeakGbps: 10,
    ebsMaximumMbps: 4750,
    sizes: [
      ["large", 2, 8, 0.75, 630, 0.077, 3, 10],
      ["xlarge", 4, 16, 1.25, 1188, 0.154, 4, 15],
      ["2xlarge", 8, 32, 2.5, 2375, 0.308, 4, 15],
      ["4xlarge", 16, 64, 5, 4750, 0.616, 8, 30],
    ],
  },
  {
    name: "m7i",
    networkPeakGbps: 12.5,
    ebsMaximumMbps: 10000,
    sizes: [
      ["large", 2, 8, 0.781, 650, 0.1008, 3, 10],
      ["xlarge", 4, 16, 1.562, 1250, 0.2016, 4, 15],
      ["2xlarge", 8, 32, 3.125, 2500, 0.4032, 4, 15],
      ["4xlarge", 16, 64, 6.25, 5000, 0.8064, 8, 30],
      ["48xlarge", 192, 768, 50, 40000, 9.6768, 15, 50],
    ],
  },
  {
    name: "c5",
    previousGeneration: true,
    networkPeakGbps: 10,
    ebsMaximumMbps: 4750,
    sizes: [
      ["large", 2, 4, 0.75, 650, 0.085, 3, 10],
      ["xlarge", 4, 8, 1.25, 1150, 0.17, 4, 15],
      ["2xlarge", 8, 16, 2.5, 2300, 0.34, 4, 15],
      ["4xlarge", 16, 32, 5, 4750, 0.68, 8, 30],
    ],
  },
  {
    name: "c6i",
    networkPeakGbps: 12.5,
    ebsMaximumMbps: 10000,
    sizes: [
      ["large", 2, 4, 0.781, 650, 0.085, 3, 10],
      ["xlarge", 4, 8, 1.562, 1250, 0.17, 4, 15],
      ["2xlarge", 8, 16, 3.125, 2500, 0.34, 4, 15],
      ["4xlarge", 16, 32, 6.25, 5000, 0.68, 8, 30],
    ],
  },
  {
    name: "c6in",
    networkPeakGbps: 50,
    ebsMaximumMbps: 25000,
    sizes: [
      ["xlarge", 4, 8, 6.25, 6250, 0.2268, 4, 15],
      ["2xlarge", 8, 16, 12.5, 6250, 0.4536, 4, 15],
    ],
  },
  {
    name: "inf1",
    networkPeakGbps: 25,
    ebsMaximumMbps: 4750,
    accelerators: { xlarge: inferentia, "2xlarge": inferentia },
    sizes: [
      ["xlarge", 4, 8, 5, 1190, 0.228, 4, 10],
      ["2xlarge", 8, 16, 5, 1190, 0.362, 4, 10],
    ],
  },
  {
    name: "c6g",
    architecture: "arm64",
    threadsPerCore: 1,
    networkPeakGbps: 10,
    ebsMaximumMbps: 4750,
    sizes: [
      ["large", 2, 4, 0.75, 630, 0.068, 3, 10],
      ["xlarge", 4, 8, 1.25, 1188, 0.136, 4, 15],
      ["2xlarge", 8, 16, 2.5, 2375, 0.272, 4, 15],
      ["4xlarge", 16, 32, 5, 4750, 0.544, 8, 30],
    ],
  },
  {
    name: "r5",
    previousGeneration: true,
    networkPeakGbps: 10,
    ebsMaximumMbps: 4750,
    sizes: [
      ["large", 2, 16, 0.75, 650, 0.126, 3, 10],
      ["xlarge", 4, 32, 1.25, 1150, 0.252, 4, 15],
      ["2xlarge", 8, 64, 2.5, 2300, 0.504, 4, 15],
      ["4xlarge", 16, 128, 5, 4750, 1.008, 8, 30],
    ],
  },
  {
    name: "r6i",
    previousGeneration: true,
    networkPeakGbps: 12.5,
    ebsMaximumMbps: 10000,
    sizes: [
      ["large", 2, 16, 0.781, 650, 0.126, 3, 10],
      ["xlarge", 4, 32, 1.562, 1250, 0.252, 4, 15],
      ["2xlarge", 8, 64, 3.125, 2500, 0.504, 4, 15],
      ["4xlarge", 16, 128, 6.25, 5000, 1.008, 8, 30],
    ],
  },
  {
    name: "t3",
    burstable: true,
    networkPeakGbps: 5,
    ebsMaximumMbps: 2780,
    sizes: [
      ["micro", 2, 1, 0.064, 87, 0.0104, 2, 2],
      ["small", 2, 2, 0.128, 174, 0.0208, 3, 4],
      ["medium", 2, 4, 0.256, 347, 0.0416, 3, 6],
      ["large", 2, 8, 0.512, 695, 0.0832, 3, 12],
      ["xlarge", 4, 16, 1.024, 695, 0.1664, 4, 15],
      ["2xlarge", 8, 32, 2.048, 695, 0.3328, 4, 15],
    ],
  },
  {
    name: "t2",
    burstable: true,
    hypervisor: "xen",
    threadsPerCore: 1,
    networkPeakGbps: 1,
    ebsMaximumMbps: 0,
    sizes: [
      ["small", 1, 2, 0.128, 0, 0.023, 3, 4],
      ["medium", 2, 4, 0.256, 0, 0.0464, 3, 6],
      ["large", 2, 8, 0.512, 0, 0.0928, 3, 12],
    ],
  },
  {
    name: "g4dn",
    networkPeakGbps: 25,
    ebsMaximumMbps: 4750,
    gpus: { xlarge: 1, "2xlarge": 1, "4xlarge": 1, "12xlarge": 4 },
    disks: {
      xlarge: [1, 125],
      "2xlarge": [1, 225],
      "4xlarge": [1, 225],
      "12xlarge": [1, 900],
    },
    sizes: [
      ["xlarge", 4, 16, 5, 950, 0.526, 3, 10],
      ["2xlarge", 8, 32, 10, 1150, 0.752, 3, 10],
      ["4xlarge", 16, 64, 20, 4750, 1.204, 3, 10],
      ["12xlarge", 48, 192, 50, 9500, 3.912, 8, 30],
    ],
  },
  {
    name: "i3",
    hypervisor: "xen",
    networkPeakGbps: 10,
    ebsMaximumMbps: 3500,
    disks: { large: [1, 475], xlarge: [1, 950], "2xlarge": [1, 1900], "4xlarge": [2, 1900] },
    sizes: [
      ["large", 2, 15.25, 0.75, 425, 0.156, 3, 10],
      ["xlarge", 4, 30.5, 1.25, 850, 0.312, 4, 15],
      ["2xlarge", 8, 61, 2.5, 1700, 0.624, 4, 15],
      ["4xlarge", 16, 122, 5, 3500, 1.248, 8, 30],
    ],
  },
  {
    name: "m4",
    hypervisor: "xen",
    previousGeneration: true,
    networkPeakGbps: 2,
    ebsMaximumMbps: 2000,
    sizes: [
      ["large", 2, 8, 0.45, 450, 0.1, 2, 10],
      ["xlarge", 4, 16, 0.75, 750, 0.2, 4, 15],
      ["2xlarge", 8, 32, 1, 1000, 0.4, 4, 15],
      ["4xlarge", 16, 64, 2, 2000, 0.8, 8, 30],
    ],
  },
];
