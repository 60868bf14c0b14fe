/** On-Demand prices from the Price List Query API (served in us-east-1, eu-central-1 and ap-south-1 only). */
import type { Filter, PricingClient } from "@aws-sdk/client-pricing";
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import { malformed, matching, readPriceList } from "./price-list.ts";

export interface OnDemandPrice {
  readonly instanceType: string;
  readonly hourlyUsd: number;
}

export interface DatedPrice extends OnDemandPrice {
  /** From when on it holds, ISO 8601. */
  readonly since: string;
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
          effectiveDate: z.string().optional(),
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

interface ListedPrice extends OnDemandPrice {
  readonly since: string | undefined;
}

/** The item's hourly price, or nothing if it is not an hourly On-Demand offer. */
const parseItem = (item: unknown): ListedPrice | undefined => {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) throw malformed(z.prettifyError(parsed.error));
  const { product, terms } = parsed.data;
  const { instanceType, marketoption = "OnDemand" } = product.attributes;
  if (marketoption !== "OnDemand") return undefined;
  const [lowest] = Object.values(terms.OnDemand ?? {})
    .flatMap(({ effectiveDate: since, priceDimensions }) =>
      Object.values(priceDimensions).map((dimension) => ({ ...dimension, since })),
    )
    .filter(({ unit }) => unit === "Hrs")
    .map(({ pricePerUnit, since }) => ({
      hourlyUsd: Number(pricePerUnit.USD ?? Number.NaN),
      since,
    }))
    .filter(({ hourlyUsd }) => hourlyUsd > 0)
    .toSorted((one, other) => one.hourlyUsd - other.hourlyUsd);
  return lowest && { instanceType, ...lowest };
};

interface PriceQuestion {
  readonly region: string;
  readonly product: string;
}

const readListedPrices = async (
  pricing: PricingClient,
  input: PriceQuestion,
): Promise<readonly ListedPrice[]> => {
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
  const lowest = new Map<string, ListedPrice>();
  for (const item of items) {
    const price = parseItem(item);
    if (price === undefined) continue;
    const known = lowest.get(price.instanceType);
    if (known === undefined || price.hourlyUsd < known.hourlyUsd) {
      lowest.set(price.instanceType, price);
    }
  }
  if (lowest.size === 0) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `The price list has no On-Demand price for ${input.product} in ${input.region}.`,
    );
  }
  return [...lowest.values()].sort((a, b) => (a.instanceType < b.instanceType ? -1 : 1));
};

/**
 * USD per hour of each type in the region, sorted by type. Where the list names two prices for one type, the
 * lower one is taken: a saving is rather understated. `product` is a Spot product such as `Linux/UNIX`.
 * @throws BrokenFacts for a malformed item, an unknown product, or a region without any price
 */
export const readOnDemandPrices = async (
  pricing: PricingClient,
  input: PriceQuestion,
): Promise<OnDemandPrice[]> =>
  (await readListedPrices(pricing, input)).map(({ instanceType, hourlyUsd }) => ({
    instanceType,
    hourlyUsd,
  }));

/** The same, each with the day from which it holds; one of which the list does not say that is left out. @throws as that does */
export const readDatedPrices = async (
  pricing: PricingClient,
  input: PriceQuestion,
): Promise<readonly DatedPrice[]> =>
  (await readListedPrices(pricing, input)).flatMap(({ since, ...price }) => {
    const ms = Date.parse(since ?? "");
    return Number.isNaN(ms) ? [] : [{ ...price, since: new Date(ms).toISOString() }];
  });
