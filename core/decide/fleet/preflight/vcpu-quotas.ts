/**
 * Does what would go to Spot fit into the account's quotas, and back on On-Demand all at once? They are counted in vCPUs, by family.
 * Sources: EC2 user guide, "Spot Instance quotas" (vCPUs of running Spot Instances and of open requests) and "EC2 On-Demand instance
 * limits" (vCPUs of running On-Demand Instances).
 */
import { hasEnded } from "../../../model/instance.ts";
import type { InstanceTypeFacts } from "../../../model/market.ts";
import type { BulkInstance } from "../../../model/place-reading.ts";
import type { Missing, PreflightRow } from "../../../model/preflight.ts";
import type { VcpuQuota } from "../../../model/vcpu-quota.ts";

type Purchase = VcpuQuota["purchase"];

interface Quota {
  readonly quotaCode: string;
  readonly quotaName: string;
}

interface Family {
  /** By which names of its types begin: the letters before the first number. */
  readonly letters: readonly string[];
  readonly SPOT: Quota;
  readonly ON_DEMAND: Quota;
}

const family = (
  letters: readonly string[],
  name: string,
  [spot, onDemand]: readonly [string, string],
): Family => ({
  letters,
  SPOT: { quotaCode: spot, quotaName: `All ${name} Spot Instance Requests` },
  ON_DEMAND: { quotaCode: onDemand, quotaName: `Running On-Demand ${name} instances` },
});

/** † Codes and names are from public tables of quotas: what AWS calls each is compared when it is read. */
const families: readonly Family[] = [
  family(
    // `im`, `is`, `cr` and `hi` are of the letters I, C and H.
    ["a", "c", "d", "h", "i", "m", "r", "t", "z", "im", "is", "cr", "hi"],
    "Standard (A, C, D, H, I, M, R, T, Z)",
    ["L-34B43A08", "L-1216C47A"],
  ),
  family(["f"], "F", ["L-88CF9481", "L-74FC7D96"]),
  family(["g", "gr", "vt"], "G and VT", ["L-3819A6DF", "L-DB2E81BA"]),
  family(["inf"], "Inf", ["L-B5D1601B", "L-1945791B"]),
  family(["p"], "P", ["L-7212CCBC", "L-417A185B"]),
  family(["trn"], "Trn", ["L-6B0D517C", "L-2C3B7624"]),
  family(["dl"], "DL", ["L-85EED4F7", "L-6E869C2A"]),
  family(["x"], "X", ["L-E3A00192", "L-7295265B"]),
];

const familyOf = (instanceType: string): Family | undefined => {
  const letters = /^[a-z]+(?=\d)/.exec(instanceType)?.[0];
  return families.find((each) => letters !== undefined && each.letters.includes(letters));
};

export interface QuotaInput {
  readonly instances: readonly Pick<BulkInstance, "instanceType" | "state" | "lifecycle">[];
  readonly types: readonly Pick<InstanceTypeFacts, "instanceType" | "vcpu">[];
  readonly rows: readonly PreflightRow[];
  /** Whether our role may launch On-Demand: then what went to Spot may have to go back. */
  readonly fallsBack: boolean;
}

interface Wanting {
  readonly row: PreflightRow;
  readonly vcpus: number;
}

/** How one quota stands, before it was read. */
export interface QuotaNeed {
  readonly purchase: Purchase;
  readonly quota: Quota;
  readonly usedVcpus: number;
  /** What would save most is first. */
  readonly wanting: readonly Wanting[];
}

const isOpen = ({ outcome }: PreflightRow): boolean =>
  outcome === "WILL" || outcome === "WOULD" || outcome === "WILL_ONCE";

/** On Spot by its best offer, whose type stands for all its instances; back by the type that it has. */
const typeFor = ({ offers, instanceType = "" }: PreflightRow, purchase: Purchase): string =>
  purchase === "SPOT" ? (offers[0]?.instanceType ?? instanceType) : instanceType;

/** What is stopped counts nowhere, and what shuts down still does. */
const isRunning = ({ state }: Pick<BulkInstance, "state">): boolean =>
  state !== "stopped" && (!hasEnded(state) || state === "shutting-down");

const buysAs = ({ lifecycle }: Pick<BulkInstance, "lifecycle">): Purchase | undefined => {
  if (lifecycle === undefined) return "ON_DEMAND";
  return lifecycle === "spot" ? "SPOT" : undefined;
};

const bySavings = (one: Wanting, other: Wanting): number =>
  (other.row.monthlyUsd ?? 0) - (one.row.monthlyUsd ?? 0);

const total = (wanting: readonly Wanting[]): number =>
  wanting.reduce((sum, { vcpus }) => sum + vcpus, 0);

const needOf = (
  { instances, types, rows }: QuotaInput,
  kind: Family,
  purchase: Purchase,
): QuotaNeed => {
  const vcpusOf = (name: string): number =>
    types.find(({ instanceType }) => instanceType === name)?.vcpu ?? 0;
  const running = instances
    .filter((each) => isRunning(each) && buysAs(each) === purchase)
    .filter(({ instanceType }) => familyOf(instanceType) === kind)
    .reduce((sum, { instanceType }) => sum + vcpusOf(instanceType), 0);
  const wanting = rows
    .filter((row) => isOpen(row) && familyOf(typeFor(row, purchase)) === kind)
    .map((row) => ({ row, vcpus: row.instances * vcpusOf(typeFor(row, purchase)) }))
    .toSorted(bySavings);
  // What would go to Spot runs On-Demand by now, and then no longer does.
  const usedVcpus = purchase === "SPOT" ? running : Math.max(0, running - total(wanting));
  return { purchase, quota: kind[purchase], usedVcpus, wanting };
};

/** Those on which anything would draw. */
export const quotaNeeds = (input: QuotaInput): readonly QuotaNeed[] => {
  const purchases = input.fallsBack ? (["SPOT", "ON_DEMAND"] as const) : (["SPOT"] as const);
  return families
    .flatMap((kind) => purchases.map((purchase) => needOf(input, kind, purchase)))
    .filter(({ wanting }) => wanting.length > 0);
};

/** One that does not fit as a whole leaves room for those behind it. */
const fittingIn = ({ usedVcpus, wanting }: QuotaNeed, vcpus: number): readonly Wanting[] => {
  let room = vcpus - usedVcpus;
  return wanting.filter((each) => {
    if (each.vcpus > room) return false;
    room -= each.vcpus;
    return true;
  });
};

const instancesOf = (wanting: readonly Wanting[]): number =>
  wanting.reduce((sum, { row }) => sum + row.instances, 0);

/** @param read its value, or why it could not be read: then nothing is said to fit */
export const standingOf = (
  need: QuotaNeed,
  read: { readonly vcpus: number } | { readonly because: string },
): VcpuQuota => {
  const { purchase, quota, usedVcpus, wanting } = need;
  const neededVcpus = total(wanting);
  const base = {
    purchase,
    ...quota,
    usedVcpus,
    neededVcpus,
    subjects: wanting.length,
    instances: instancesOf(wanting),
    ...read,
  };
  if ("because" in read) return base;
  const fitting = fittingIn(need, read.vcpus);
  const wanted = usedVcpus + neededVcpus;
  return {
    ...base,
    fittingSubjects: fitting.length,
    fittingInstances: instancesOf(fitting),
    ...(wanted > read.vcpus && { raiseTo: wanted }),
  };
};

const missingFor = (
  { quotaCode, quotaName, vcpus = 0, usedVcpus, neededVcpus, raiseTo = 0 }: VcpuQuota,
  region: string,
): Missing => ({
  kind: "QUOTA",
  name: `ec2 ${quotaCode}`,
  reason: "SPOT_QUOTA",
  sentence: `Quota "${quotaName}" (${quotaCode}) is ${String(vcpus)} vCPUs in ${region}: ${String(usedVcpus)} are in use, and all that would go to Spot takes ${String(neededVcpus)}. This does not fit beside what saves more: raise it to ${String(raiseTo)} (aws service-quotas request-service-quota-increase --region ${region} --service-code ec2 --quota-code ${quotaCode} --desired-value ${String(raiseTo)}).`,
});

/** Rows of what does not fit, each with the quota that is missing. */
export const rowsBeyond = (need: QuotaNeed, standing: VcpuQuota): readonly PreflightRow[] => {
  const { vcpus } = standing;
  if (need.purchase !== "SPOT" || vcpus === undefined) return [];
  const fitting = new Set(fittingIn(need, vcpus));
  return need.wanting
    .filter((each) => !fitting.has(each))
    .map(({ row }) => {
      const missing = missingFor(standing, row.region);
      const isSure = row.outcome === "WILL";
      return {
        ...row,
        missing: [...row.missing, missing],
        ...(isSure && { outcome: "WILL_ONCE" as const, reason: missing.reason }),
      };
    });
};
