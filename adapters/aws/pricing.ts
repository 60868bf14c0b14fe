/** On-Demand prices from the Price List Query API (served in us-east-1, eu-central-1 and ap-south-1 only). */
import type { Filter, PricingClient } from "@aws-sdk/client-pricing";
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import { malformed, matching, readPriceList } from "./price-list.ts";

export interface OnDemandPrice {
  readonly instanceType: string;
  readonly hourlyUsd: number;
}

/** EC2's platform details (also the Spot product) → the price list's operating system. */
const operatingSystems: Readonly<Record<string, string>> = {
  "Linux/UNIX": "Linux",
  "Red Hat Enterprise Linux": "RHEL",
  "SUSE Linux": "SUSE",
  Windows: "Windows",
};

const itemSchema = z.object({
  product: z.object({
    attributes: z.object({
      instanceType: z.string(),
      /** `CapacityBlock` rows carry a price of zero and are not an On-Demand offer. */
      marketoption: z.string().optional(),
    }),
  }),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({
              unit: z.string(),
              pricePerUnit: z.object({ USD: z.string().optional() }),
            }),
          ),
        }),
      )
      .optional(),
  }),
});

const filtersFor = (region: string, operatingSystem: string): readonly Filter[] =>
  matching({
    regionCode: region,
    operatingSystem,
    preInstalledSw: "NA",
    tenancy: "Shared",
    // Else unused and allocated capacity reservations come as rows of their own.
    capacitystatus: "Used",
    licenseModel: "No License required",
  });

/** The item's hourly price, or nothing if it is not an hourly On-Demand offer. */
const parseItem = (item: unknown): OnDemandPrice | undefined => {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) throw malformed(z.prettifyError(parsed.error));
  const { product, terms } = parsed.data;
  const { instanceType, marketoption = "OnDemand" } = product.attributes;
  if (marketoption !== "OnDemand") return undefined;
  const prices = Object.values(terms.OnDemand ?? {})
    .flatMap((term) => Object.values(term.priceDimensions))
    .filter(({ unit }) => unit === "Hrs")
    .map(({ pricePerUnit }) => Number(pricePerUnit.USD ?? Number.NaN))
    .filter((price) => price > 0);
  return prices.length === 0 ? undefined : { instanceType, hourlyUsd: Math.min(...prices) };
};

/**
 * USD per hour of each type in the region, sorted by type. Where the list names two prices for one type, the
 * lower one is taken: a saving is rather understated. `product` is a Spot product such as `Linux/UNIX`.
 * @throws BrokenFacts for a malformed item, an unknown product, or a region without any price
 */
export const readOnDemandPrices = async (
  pricing: PricingClient,
  input: { readonly region: string; readonly product: string },
): Promise<OnDemandPrice[]> => {
  const operatingSystem = operatingSystems[input.product];
  if (operatingSystem === undefined) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `No price list product is known for ${input.product}.`,
    );
  }
  const items = await readPriceList(pricing, {
    serviceCode: "AmazonEC2",
    filters: filtersFor(input.region, operatingSystem),
    about: `${input.product} in ${input.region}`,
  });
  const lowest = new Map<string, number>();
  for (const item of items) {
    const price = parseItem(item);
    if (price === undefined) continue;
    const known = lowest.get(price.instanceType) ?? Infinity;
    lowest.set(price.instanceType, Math.min(known, price.hourlyUsd));
  }
  if (lowest.size === 0) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `The price list has no On-Demand price for ${input.product} in ${input.region}.`,
    );
  }
  return [...lowest]
    .map(([instanceType, hourlyUsd]) => ({ instanceType, hourlyUsd }))
    .sort((a, b) => (a.instanceType < b.instanceType ? -1 : 1));
};
