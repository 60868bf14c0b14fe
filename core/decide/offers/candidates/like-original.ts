/** Is the type at least as good as the original's? One rule per dimension; the first that fails is the reason. */
import type { AcceleratorFacts, InstanceTypeFacts } from "../../../model/market.ts";
import type { RejectionCode } from "../../../model/offer.ts";
import { unlessAllowed } from "./allowed-types.ts";
import type { TypeRule } from "./type-rule.ts";

interface Dimension {
  readonly code: RejectionCode;
  /** `4 vCPU`: the figure with its unit. */
  readonly spell: (figure: number) => string;
  readonly figure: (type: InstanceTypeFacts) => number;
}

const atLeast =
  ({ code, spell, figure }: Dimension): TypeRule =>
  ({ type, original }) =>
    figure(type) >= figure(original)
      ? undefined
      : {
          code,
          sentence: `has ${spell(figure(type))}, the original has ${spell(figure(original))}`,
        };

const enoughVcpu = atLeast({
  code: "TYPE_UNLIKE_VCPU",
  figure: (type) => type.vcpu,
  spell: (figure) => `${String(figure)} vCPU`,
});

const enoughMemory = atLeast({
  code: "TYPE_UNLIKE_MEMORY",
  figure: (type) => type.memoryMib,
  spell: (figure) => `${String(figure)} MiB of memory`,
});

const enoughNetwork = atLeast({
  code: "TYPE_UNLIKE_NETWORK",
  figure: (type) => type.networkGbps,
  spell: (figure) => `${String(figure)} Gbit/s of baseline network`,
});

const enoughEbsThroughput = atLeast({
  code: "TYPE_UNLIKE_EBS",
  figure: (type) => type.ebsMbps,
  spell: (figure) => `${String(figure)} MB/s of baseline EBS throughput`,
});

const enoughInstanceStore = atLeast({
  code: "TYPE_UNLIKE_INSTANCE_STORE",
  figure: (type) => type.instanceStoreGb,
  spell: (figure) => `${String(figure)} GB of instance store`,
});

const sameArchitecture: TypeRule = ({ type, need }) =>
  type.architectures.includes(need.architecture)
    ? undefined
    : {
        code: "TYPE_UNLIKE_ARCHITECTURE",
        sentence: `runs ${type.architectures.join(", ")}, the original is ${need.architecture}`,
      };

export const spellGpus = (type: InstanceTypeFacts): string =>
  type.gpuCount === 0
    ? "no GPU"
    : `${String(type.gpuCount)} × ${type.gpuName ?? "GPU"} with ${String(type.gpuMemoryMib)} MiB`;

/** Another model is not "better": what was compiled for one may not run on the next. */
const sameGpus: TypeRule = ({ type, original }) => {
  if (original.gpuCount === 0) return undefined;
  const isEnough = type.gpuCount >= original.gpuCount && type.gpuMemoryMib >= original.gpuMemoryMib;
  if (isEnough && type.gpuName === original.gpuName) return undefined;
  return {
    code: "TYPE_UNLIKE_GPU",
    sentence: `has ${spellGpus(type)}, the original has ${spellGpus(original)}`,
  };
};

export const spellAccelerators = (accelerators: readonly AcceleratorFacts[]): string =>
  accelerators.length === 0
    ? "no other accelerator"
    : accelerators
        .map(
          ({ kind, name, count, memoryMib }) =>
            `${String(count)} × ${name} (${kind}) with ${String(memoryMib)} MiB`,
        )
        .join(" and ");

/** By model: what was built for one is not run by the next, and not at all by a type without. */
const sameAccelerators: TypeRule = ({ type, original }) => {
  const [needed, given] = [original.accelerators ?? [], type.accelerators ?? []];
  const isGiven = needed.every(({ kind, name, count, memoryMib }) =>
    given.some(
      (found) =>
        found.kind === kind &&
        found.name === name &&
        found.count >= count &&
        found.memoryMib >= memoryMib,
    ),
  );
  if (isGiven) return undefined;
  return {
    code: "TYPE_UNLIKE_ACCELERATOR",
    sentence: `has ${spellAccelerators(given)}, the original has ${spellAccelerators(needed)}`,
  };
};

/** What is needed is what the instance uses, not what its type would allow. */
const enoughInterfaces: TypeRule = ({ type, need }) => {
  const used = need.interfaces;
  if (type.maxNetworkInterfaces >= used) return undefined;
  return {
    code: "TYPE_UNLIKE_INTERFACES",
    sentence: `takes ${String(type.maxNetworkInterfaces)} network interfaces, the original uses ${String(used)}`,
  };
};

const enoughAddresses: TypeRule = ({ type, need }) => {
  const used = need.addressesPerInterface;
  if (type.ipv4PerInterface >= used) return undefined;
  return {
    code: "TYPE_UNLIKE_ADDRESSES",
    sentence: `takes ${String(type.ipv4PerInterface)} IPv4 addresses per interface, the original uses ${String(used)} on one`,
  };
};

/** Those that the original's type has and the other lacks: the guest may rely on any of them. */
const missing = (needed: readonly string[], given: readonly string[]): readonly string[] =>
  needed.filter((name) => !given.includes(name));

/** A Xen guest may lack the NVMe and ENA drivers that Nitro needs, and the reverse. */
const sameHypervisor: TypeRule = ({ type, original }) => {
  if (type.hypervisor !== original.hypervisor) {
    return {
      code: "TYPE_UNLIKE_HYPERVISOR",
      sentence: `runs on ${type.hypervisor || "no hypervisor"}, the original on ${original.hypervisor || "no hypervisor"}`,
    };
  }
  const lacking = missing(original.virtualizationTypes, type.virtualizationTypes);
  if (lacking.length === 0) return undefined;
  return {
    code: "TYPE_UNLIKE_HYPERVISOR",
    sentence: `does not run ${lacking.join(", ")} guests, as the original's type does`,
  };
};

const sameBootModes: TypeRule = ({ type, original }) => {
  const lacking = missing(original.bootModes, type.bootModes);
  if (lacking.length === 0) return undefined;
  return {
    code: "TYPE_UNLIKE_BOOT_MODE",
    sentence: `does not boot by ${lacking.join(", ")}, as the original's type does`,
  };
};

export const likenessRules: readonly TypeRule[] = [
  sameArchitecture,
  unlessAllowed(enoughVcpu),
  unlessAllowed(enoughMemory),
  sameGpus,
  sameAccelerators,
  unlessAllowed(enoughNetwork),
  unlessAllowed(enoughEbsThroughput),
  unlessAllowed(enoughInstanceStore),
  enoughInterfaces,
  enoughAddresses,
  sameHypervisor,
  sameBootModes,
];
