/** On-Demand prices from the Price List Query API (served in us-east-1, eu-central-1 and ap-south-1 only). */
import {
  GetProductsCommand,
  type Filter,
  type GetProductsCommandOutput,
  type PricingClient,
} from "@aws-sdk/client-pricing";
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import { readAllPages } from "./paging.ts";
import { callAws } from "./translate-error.ts";

export interface OnDemandPrice {
  readonly instanceType: string;
  readonly hourlyUsd: number;
}

/** The API's largest page. */
const largestPage = 100;

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

const filtersFor = (region: string, operatingSystem: string): Filter[] =>
  Object.entries({
    regionCode: region,
    operatingSystem,
    preInstalledSw: "NA",
    tenancy: "Shared",
    // Else unused and allocated capacity reservations come as rows of their own.
    capacitystatus: "Used",
    licenseModel: "No License required",
  }).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value }));

const malformed = (detail: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenFacts", `A price list item is malformed: ${detail}.`);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SpotOptimizerError("BrokenFacts", "A price list item is not JSON.", { cause: error });
  }
};

/** The SDK hands JSON members out as strings or as its own subclass of String, and types them loosely. */
const textOf = (item: unknown): string => {
  if (typeof item === "string") return item;
  if (item instanceof String) return item.toString();
  throw malformed("it is not a text");
};

/** The item's hourly price, or nothing if it is not an hourly On-Demand offer. */
const parseItem = (text: string): OnDemandPrice | undefined => {
  const parsed = itemSchema.safeParse(parseJson(text));
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
  const items = await readAllPages<GetProductsCommandOutput, unknown>({
    fetch: (token) =>
      callAws({ action: "GetProducts", resource: `${input.product} in ${input.region}` }, () =>
        pricing.send(
          new GetProductsCommand({
            ServiceCode: "AmazonEC2",
            FormatVersion: "aws_v1",
            Filters: filtersFor(input.region, operatingSystem),
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page): readonly unknown[] | undefined => page.PriceList as unknown[] | undefined,
    next: (page) => page.NextToken,
  });
  const lowest = new Map<string, number>();
  for (const item of items) {
    const price = parseItem(textOf(item));
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
