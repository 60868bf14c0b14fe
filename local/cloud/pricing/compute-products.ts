/** What instances cost On-Demand: the prices of a market. */
import type { Filter } from "@aws-sdk/client-pricing";
import { judgeOf, type Attributes } from "./filters.ts";
import { hashOf, type Product } from "./item.ts";

/** What the price list must know of a market. */
export interface PriceSource {
  readonly regions: readonly string[];
  types(): readonly PricedType[];
  /** USD per hour, or undefined where it isn't sold. `product` is a Spot product such as `Linux/UNIX`. */
  onDemand(region: string, instanceType: string, product: string): number | undefined;
}

interface PricedType {
  readonly instanceType: string;
  readonly vcpu: number;
  readonly memoryMib: number;
  readonly networkPerformance: string;
  readonly currentGeneration: boolean;
}

const family = "Compute Instance";

interface System {
  readonly operatingSystem: string;
  /** Spot product that a market knows the price under. */
  readonly product: string;
  readonly operation: string;
}

const systems: readonly System[] = [
  { operatingSystem: "Linux", product: "Linux/UNIX", operation: "RunInstances" },
  {
    operatingSystem: "RHEL",
    product: "Red Hat Enterprise Linux",
    operation: "RunInstances:0010",
  },
  { operatingSystem: "SUSE", product: "SUSE Linux", operation: "RunInstances:000g" },
  { operatingSystem: "Windows", product: "Windows", operation: "RunInstances:0002" },
];

/** The list has a row each: who doesn't filter by `capacitystatus` reads a price of zero. */
const capacities = [
  { capacitystatus: "Used", usage: "BoxUsage", share: 1 },
  { capacitystatus: "UnusedCapacityReservation", usage: "UnusedBox", share: 1 },
  { capacitystatus: "AllocatedCapacityReservation", usage: "Reservation", share: 0 },
] as const;

export const findComputeProducts = (
  source: PriceSource,
  filters: readonly Filter[],
): readonly Product[] => {
  const judges = filters.map(judgeOf);
  const holds = (attributes: Attributes): boolean => judges.every((judge) => judge(attributes));
  // Only regions, types and systems that a filter leaves are priced at all.
  const partly = (field: string, value: string): boolean =>
    filters.every((filter) => filter.Field !== field || judgeOf(filter)({ [field]: value }));
  const regions = source.regions.filter((region) => partly("regionCode", region));
  const types = source.types().filter(({ instanceType }) => partly("instanceType", instanceType));
  if (!partly("productFamily", family) || !partly("servicecode", "AmazonEC2")) return [];
  const wanted = systems.filter((system) => partly("operatingSystem", system.operatingSystem));
  return regions.flatMap((region) =>
    types.flatMap((type) =>
      wanted.flatMap((system) =>
        productsOf(source, { region, type, system }).filter(({ attributes }) => holds(attributes)),
      ),
    ),
  );
};

interface Sold {
  readonly region: string;
  readonly type: PricedType;
  readonly system: System;
}

const productsOf = (source: PriceSource, sold: Sold): readonly Product[] => {
  const hourlyUsd = source.onDemand(sold.region, sold.type.instanceType, sold.system.product);
  if (hourlyUsd === undefined) return [];
  return capacities.map(({ capacitystatus, usage, share }) => {
    const attributes = attributesOf(sold, { capacitystatus, usage });
    const { usagetype = "", operation = "", operatingSystem = "", instanceType = "" } = attributes;
    return {
      sku: hashOf(`${sold.region} ${usagetype} ${operation}`).toUpperCase(),
      attributes,
      usd: hourlyUsd * share,
      unit: "Hrs",
      text: `per On Demand ${operatingSystem} ${instanceType} Instance Hour`,
    };
  });
};

const attributesOf = (
  { region, type, system }: Sold,
  { capacitystatus, usage }: { readonly capacitystatus: string; readonly usage: string },
): Attributes => ({
  productFamily: family,
  servicecode: "AmazonEC2",
  servicename: "Amazon Elastic Compute Cloud",
  regionCode: region,
  locationType: "AWS Region",
  instanceType: type.instanceType,
  currentGeneration: type.currentGeneration ? "Yes" : "No",
  vcpu: String(type.vcpu),
  memory: `${String(type.memoryMib / 1024)} GiB`,
  networkPerformance: type.networkPerformance,
  operatingSystem: system.operatingSystem,
  operation: system.operation,
  preInstalledSw: "NA",
  licenseModel: "No License required",
  tenancy: "Shared",
  capacitystatus,
  marketoption: "OnDemand",
  usagetype: `${region}-${usage}:${type.instanceType}`,
});
