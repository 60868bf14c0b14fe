/** Rows of AWS's price list, by the Price List Query API (served in us-east-1, eu-central-1 and ap-south-1 only). */
import {
  GetProductsCommand,
  type Filter,
  type GetProductsCommandOutput,
  type PricingClient,
} from "@aws-sdk/client-pricing";
import { SpotOptimizerError } from "../../core/errors.ts";
import { readAllPages } from "./paging.ts";
import { callAws } from "./translate-error.ts";

interface PriceQuery {
  /** `AmazonEC2` … */
  readonly serviceCode: string;
  readonly filters: readonly Filter[];
  /** For an error: what was asked for. */
  readonly about: string;
}

/** The API's largest page. */
const largestPage = 100;

/** Filters that each match a field's very value. */
export const matching = (terms: Readonly<Record<string, string>>): readonly Filter[] =>
  Object.entries(terms).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value }));

export const malformed = (detail: string): SpotOptimizerError =>
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

/** All rows that the filters leave, in the order of the list, which varies. @throws BrokenFacts for one that is not JSON */
export const readPriceList = async (
  pricing: PricingClient,
  { serviceCode, filters, about }: PriceQuery,
): Promise<readonly unknown[]> => {
  const items = await readAllPages<GetProductsCommandOutput, unknown>({
    fetch: (token) =>
      callAws({ action: "GetProducts", resource: about }, () =>
        pricing.send(
          new GetProductsCommand({
            ServiceCode: serviceCode,
            FormatVersion: "aws_v1",
            Filters: [...filters],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page): readonly unknown[] | undefined => page.PriceList as unknown[] | undefined,
    next: (page) => page.NextToken,
  });
  return items.map((item) => parseJson(textOf(item)));
};
