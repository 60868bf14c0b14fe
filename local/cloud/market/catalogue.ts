/**
 * Instance types of the simulated market. Specifications follow AWS's public tables (vCPU, memory, interface
 * limits, baseline network and EBS bandwidth). PRICES ARE APPROXIMATE us-east-1 Linux On-Demand list prices, for
 * simulation only: never bill or decide by them outside the simulated cloud.
 */
import { families, type Family, type SizeRow } from "./families.ts";
import type { InstanceTypeRecord } from "./market.ts";

export interface CatalogueEntry {
  readonly type: InstanceTypeRecord;
  readonly onDemandUsd: number;
}

/** Graviton and 6th generation onwards boot by UEFI too. */
const uefiFamilies = /^(m6|m7|c6|c7|r6|r7)/;

const bootModesOf = (family: Family): InstanceTypeRecord["bootModes"] => {
  if (family.architecture === "arm64") return ["uefi"];
  return uefiFamilies.test(family.name) ? ["legacy-bios", "uefi"] : ["legacy-bios"];
};

const devicesOf = (
  family: Family,
  size: string,
): Pick<InstanceTypeRecord, "gpu" | "accelerators" | "instanceStore"> => {
  const gpuCount = family.gpus?.[size];
  const accelerators = family.accelerators?.[size];
  const disks = family.disks?.[size];
  return {
    // NVIDIA T4: 16 GiB each.
    ...(gpuCount === undefined ? {} : { gpu: { count: gpuCount, name: "T4", memoryMib: 16384 } }),
    ...(accelerators === undefined ? {} : { accelerators }),
    ...(disks === undefined ? {} : { instanceStore: { disks: disks[0], gbEach: disks[1] } }),
  };
};

/** A GPU, a local disk or an accelerator takes a place each; the largest sizes have limits of their own. */
const volumeLimitOf = (family: Family, size: string): InstanceTypeRecord["volumeLimit"] => {
  if (family.hypervisor === "xen") return { volumes: 40, isShared: true };
  if (family.name === "m7i") {
    return { volumes: size === "48xlarge" ? 128 : 32, isShared: false };
  }
  const taken = [family.gpus, family.disks, family.accelerators].filter(
    (devices) => devices?.[size] !== undefined,
  );
  return { volumes: 27 - taken.length, isShared: true };
};

const entryOf = (family: Family, row: SizeRow): CatalogueEntry => {
  const [size, vcpu, gib, networkGbps, ebsBaselineMbps, onDemandUsd, maxInterfaces, ipv4] = row;
  const peak = Math.max(family.networkPeakGbps, networkGbps);
  return {
    onDemandUsd,
    type: {
      instanceType: `${family.name}.${size}`,
      vcpu,
      threadsPerCore: family.threadsPerCore ?? 2,
      memoryMib: gib * 1024,
      architectures: [family.architecture ?? "x86_64"],
      ...devicesOf(family, size),
      networkGbps,
      networkPeakGbps: peak,
      networkPerformance: `${peak > networkGbps ? "Up to " : ""}${String(peak)} Gigabit`,
      ebsBaselineMbps,
      ebsMaximumMbps: Math.max(family.ebsMaximumMbps, ebsBaselineMbps),
      volumeLimit: volumeLimitOf(family, size),
      maxInterfaces,
      ipv4PerInterface: ipv4,
      hypervisor: family.hypervisor ?? "nitro",
      virtualizationTypes: ["hvm"],
      bootModes: bootModesOf(family),
      supportsSpot: true,
      bareMetal: false,
      burstable: family.burstable ?? false,
      currentGeneration: family.previousGeneration !== true,
      derived: false,
    },
  };
};

export const catalogue: readonly CatalogueEntry[] = families.flatMap((family) =>
  family.sizes.map((row) => entryOf(family, row)),
);
