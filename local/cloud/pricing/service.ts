/** The Price List Query API: GetProducts for EC2, On-Demand prices of a market in AWS's own shape of items. */
import { createHash } from "node:crypto";
import type { Filter, GetProductsRequest, GetProductsResponse } from "@aws-sdk/client-pricing";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";

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

/** The API has endpoints in these regions only. Source: AWS Price List API reference, "Service Endpoint". */
const endpointRegions: readonly string[] = ["us-east-1", "eu-central-1", "ap-south-1"];

const largestPage = 100;

export const createPricing = (cloud: Pick<Cloud, "clock">, source: PriceSource): ServiceModule => {
  const publishedAt = new Date(cloud.clock.now()).toISOString();
  // A walk through the pages asks the same again and again.
  let last: { readonly key: string; readonly products: readonly Product[] } | undefined;

  const productsFor = (filters: readonly Filter[]): readonly Product[] => {
    const key = JSON.stringify(filters);
    if (last?.key !== key) last = { key, products: findProducts(source, filters) };
    return last.products;
  };

  const getProducts: Handler<GetProductsRequest, GetProductsResponse> = (call, input) => {
    checkCall(call, input);
    const products = productsFor(input.Filters ?? []);
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

  return { service: "pricing", operations: { GetProducts: getProducts } };
};

const checkCall = ({ region }: Call, input: GetProductsRequest): void => {
  if (!endpointRegions.includes(region)) {
    throw new CloudError(
      "UnknownEndpoint",
      `The Price List API has endpoints in ${endpointRegions.join(", ")} only: at AWS there is no api.pricing.${region}.amazonaws.com.`,
      404,
    );
  }
  if (input.ServiceCode !== "AmazonEC2") {
    throw invalid("The simulated price list has the service code AmazonEC2 only.");
  }
  if (input.FormatVersion !== undefined && input.FormatVersion !== "aws_v1") {
    throw invalid("FormatVersion must be aws_v1.");
  }
  const { MaxResults: limit = largestPage } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) {
    throw invalid(`MaxResults must be between 1 and ${String(largestPage)}.`);
  }
};

const invalid = (message: string): CloudError =>
  new CloudError("InvalidParameterException", message);

const hashOf = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 16);

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

type Attributes = Readonly<Record<string, string>>;

interface Product {
  readonly sku: string;
  readonly attributes: Attributes;
  readonly hourlyUsd: number;
}

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

const findProducts = (source: PriceSource, filters: readonly Filter[]): readonly Product[] => {
  const judges = filters.map(judgeOf);
  const holds = (attributes: Attributes): boolean => judges.every((judge) => judge(attributes));
  // Only regions, types and systems that a filter leaves are priced at all.
  const partly = (field: string, value: string): boolean =>
    filters.every((filter) => filter.Field !== field || judgeOf(filter)({ [field]: value }));
  const regions = source.regions.filter((region) => partly("regionCode", region));
  const types = source.types().filter(({ instanceType }) => partly("instanceType", instanceType));
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
    const { usagetype = "", operation = "" } = attributes;
    return {
      sku: hashOf(`${sold.region} ${usagetype} ${operation}`).toUpperCase(),
      attributes,
      hourlyUsd: hourlyUsd * share,
    };
  });
};

const attributesOf = (
  { region, type, system }: Sold,
  { capacitystatus, usage }: { readonly capacitystatus: string; readonly usage: string },
): Attributes => ({
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

type Judge = (attributes: Attributes) => boolean;

const judgeOf = (filter: Filter): Judge => {
  const { Field: field = "", Value: value = "", Type: type = "TERM_MATCH" } = filter;
  const values = value.split(",").map((each) => each.trim());
  const read = (attributes: Attributes): string | undefined =>
    field === "ServiceCode" ? attributes.servicecode : attributes[field];
  switch (type) {
    case "TERM_MATCH":
    case "EQUALS":
      return (attributes) => read(attributes) === value;
    case "CONTAINS":
      return (attributes) => read(attributes)?.includes(value) === true;
    case "ANY_OF":
      return (attributes) => values.includes(read(attributes) ?? "");
    case "NONE_OF":
      return (attributes) => !values.includes(read(attributes) ?? "");
    default:
      throw invalid(`The filter type ${String(type)} is not known.`);
  }
};

/** On-Demand, and hourly: AWS's own codes of term and rate. */
const offerTermCode = "JRTCKXETXF";
const rateCode = "6YS6EN2CT7";

const itemOf = ({ sku, attributes, hourlyUsd }: Product, publishedAt: string): string => {
  const term = `${sku}.${offerTermCode}`;
  const { operatingSystem = "", instanceType = "" } = attributes;
  const usd = hourlyUsd.toFixed(10);
  return JSON.stringify({
    product: { productFamily: "Compute Instance", attributes, sku },
    serviceCode: "AmazonEC2",
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: {
            [`${term}.${rateCode}`]: {
              unit: "Hrs",
              endRange: "Inf",
              description: `$${usd} per On Demand ${operatingSystem} ${instanceType} Instance Hour`,
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
