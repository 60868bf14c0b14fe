/** A row of the price list, as GetProducts shows it. */
import { hash } from "node:crypto";
import type { Attributes } from "./filters.ts";

export interface Product {
  readonly sku: string;
  /** With `servicecode` and `productFamily`. */
  readonly attributes: Attributes;
  readonly usd: number;
  /** `Hrs`, `GB-Mo` … */
  readonly unit: string;
  /** After the price: `per On Demand Linux m5.large Instance Hour`. */
  readonly text: string;
}

export const hashOf = (text: string): string => hash("sha256", text).slice(0, 16);

/** On-Demand: AWS's own codes of term and rate. */
const offerTermCode = "JRTCKXETXF";
const rateCode = "6YS6EN2CT7";

export const itemOf = (product: Product, publishedAt: string): string => {
  const { sku, unit, text } = product;
  const { productFamily, ...attributes } = product.attributes;
  const term = `${sku}.${offerTermCode}`;
  const usd = product.usd.toFixed(10);
  return JSON.stringify({
    product: { productFamily, attributes, sku },
    serviceCode: attributes.servicecode,
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: {
            [`${term}.${rateCode}`]: {
              unit,
              endRange: "Inf",
              description: `$${usd} ${text}`,
              appliesTo: [],
              rateCode: `${term}.${rateCode}`,
              beginRange: "0",
              pricePerUnit: { USD: usd },
            },
          },
          sku,
          effectiveDate: publishedAt,
          offerTermCode,
          termAttributes: {},
        },
      },
    },
    version: publishedAt.replaceAll(/\D/g, "").slice(0, 14),
    publicationDate: publishedAt,
  });
};
