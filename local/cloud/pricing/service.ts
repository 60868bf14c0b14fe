/** The Price List Query API: GetProducts for EC2, VPC and load balancing, in AWS's own shape of items. */
import type { Filter, GetProductsRequest, GetProductsResponse } from "@aws-sdk/client-pricing";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { findComputeProducts, type PriceSource } from "./compute-products.ts";
import { invalid, judgeOf } from "./filters.ts";
import { hashOf, itemOf, type Product } from "./item.ts";
import { storageProductsOf } from "./storage-products.ts";

/** The API has endpoints in these regions only. Source: AWS Price List API reference, "Service Endpoint". */
const endpointRegions: readonly string[] = ["us-east-1", "eu-central-1", "ap-south-1"];

const largestPage = 100;

const serviceCodes: readonly string[] = ["AmazonEC2", "AmazonVPC", "AWSELB"];

export interface Pricing extends ServiceModule {
  /** From now on the list has so many rows of the usage type in each region: `EBS:SnapshotUsage`. */
  setRows(usage: string, rows: number): void;
}

/** Services have rows of their own. */
const ofService = (code: string): Filter => ({
  Type: "TERM_MATCH",
  Field: "servicecode",
  Value: code,
});

export const createPricing = (cloud: Pick<Cloud, "clock">, source: PriceSource): Pricing => {
  const publishedAt = new Date(cloud.clock.now()).toISOString();
  const rowsOf = new Map<string, number>();
  // A walk through the pages asks the same again and again.
  let last: { readonly key: string; readonly products: readonly Product[] } | undefined;

  const storageFor = (filters: readonly Filter[]): readonly Product[] => {
    const judges = filters.map(judgeOf);
    return source.regions
      .flatMap(storageProductsOf)
      .filter(({ attributes }) => judges.every((judge) => judge(attributes)))
      .flatMap((product) => {
        const usage = product.attributes.usagetype?.replace(/^[A-Z]+\d-/, "") ?? "";
        return Array.from({ length: rowsOf.get(usage) ?? 1 }, () => product);
      });
  };

  const productsFor = (filters: readonly Filter[]): readonly Product[] => {
    const key = JSON.stringify(filters);
    if (last?.key !== key) {
      const products = [...findComputeProducts(source, filters), ...storageFor(filters)];
      last = { key, products };
    }
    return last.products;
  };

  const getProducts: Handler<GetProductsRequest, GetProductsResponse> = (call, input) => {
    checkCall(call, input);
    const products = productsFor([ofService(input.ServiceCode ?? ""), ...(input.Filters ?? [])]);
    const pageSize = input.MaxResults ?? largestPage;
    const query = hashOf(JSON.stringify([input.ServiceCode, input.Filters ?? []]));
    const start = startOf(input.NextToken, query);
    const page = products.slice(start, start + pageSize);
    const end = start + page.length;
    return {
      FormatVersion: "aws_v1",
      PriceList: page.map((product) => itemOf(product, publishedAt)),
      ...(end < products.length && { NextToken: tokenOf(end, query) }),
    };
  };

  return {
    service: "pricing",
    operations: { GetProducts: getProducts },
    setRows: (usage, rows) => {
      rowsOf.set(usage, rows);
      last = undefined;
    },
  };
};

const checkCall = ({ region }: Call, input: GetProductsRequest): void => {
  if (!endpointRegions.includes(region)) {
    throw new CloudError(
      "UnknownEndpoint",
      `The Price List API has endpoints in ${endpointRegions.join(", ")} only: at AWS there is no api.pricing.${region}.amazonaws.com.`,
      404,
    );
  }
  if (!serviceCodes.includes(input.ServiceCode ?? "")) {
    throw invalid(
      `The simulated price list has the service codes ${serviceCodes.join(", ")} only.`,
    );
  }
  if (input.FormatVersion !== undefined && input.FormatVersion !== "aws_v1") {
    throw invalid("FormatVersion must be aws_v1.");
  }
  const { MaxResults: limit = largestPage } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) {
    throw invalid(`MaxResults must be between 1 and ${String(largestPage)}.`);
  }
};

const tokenOf = (start: number, query: string): string =>
  Buffer.from(`${query}:${String(start)}`).toString("base64url");

const startOf = (token: string | undefined, query: string): number => {
  if (token === undefined) return 0;
  const [, tokenQuery, start] =
    /^([0-9a-f]{16}):(\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (tokenQuery !== query) {
    throw new CloudError("InvalidNextTokenException", "NextToken is not of this query.");
  }
  return Number(start);
};
