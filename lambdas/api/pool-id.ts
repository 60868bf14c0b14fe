/** Names a pool in a path: `eu-central-1:euc1-az1:m5.large:linux-unix`. A slash of its product would part the path in two. */
import { spotProducts } from "../../core/decide/offers/spot-product.ts";
import type { Pool } from "../../core/model/market.ts";

const slugOf = (product: string): string => product.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

const slugs = spotProducts.map(slugOf).join("|");

export const poolIdPattern = new RegExp(
  `^[a-z]{2}-[a-z]+-\\d{1,2}:[a-z0-9-]{5,30}:[a-z0-9-]{1,20}\\.[a-z0-9-]{1,20}:(?:${slugs})$`,
);

export const poolIdOf = ({ region, zoneId, instanceType, product }: Pool): string =>
  [region, zoneId, instanceType, slugOf(product)].join(":");

/** @param id that fits the pattern */
export const poolOf = (id: string): Pool => {
  const [region = "", zoneId = "", instanceType = "", slug = ""] = id.split(":");
  const product = spotProducts.find((each) => slugOf(each) === slug) ?? slug;
  return { region, zoneId, instanceType, product };
};
