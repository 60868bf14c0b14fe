import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import type { Filter, GetProductsCommandInput } from "@aws-sdk/client-pricing";
import { describe, expect, it } from "@jest/globals";
import { createPricing } from "../../../../local/cloud/pricing/service.ts";
import { localClient } from "../../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "../cloud-fixture.ts";

const prices: Readonly<Record<string, number>> = {
  "eu-west-1 m5.large Linux/UNIX": 0.107,
  "eu-west-1 m5.large Windows": 0.199,
  "eu-west-1 m5.xlarge Linux/UNIX": 0.214,
  "us-east-1 m5.large Linux/UNIX": 0.096,
};

const source = {
  regions: ["eu-west-1", "us-east-1"],
  types: () =>
    ["m5.large", "m5.xlarge"].map((instanceType) => ({
      instanceType,
      vcpu: 2,
      memoryMib: 8192,
      networkPerformance: "Up to 10 Gigabit",
      currentGeneration: true,
    })),
  onDemand: (region: string, type: string, product: string): number | undefined =>
    prices[`${region} ${type} ${product}`],
};

const clientIn = (region: string, front: "in-process" | "direct" = "in-process"): PricingClient => {
  const { cloud } = createFixture();
  cloud.serve(createPricing(cloud, source));
  const credentials = cloud.identities.operator;
  return localClient(PricingClient, cloud, { region, credentials, front });
};

const filter = (Field: string, Value: string, Type: Filter["Type"] = "TERM_MATCH"): Filter => ({
  Type,
  Field,
  Value,
});

const query = (change: Partial<GetProductsCommandInput> = {}): GetProductsCommand =>
  new GetProductsCommand({ ServiceCode: "AmazonEC2", ...change });

interface Item {
  readonly product: { readonly sku: string; readonly attributes: Record<string, string> };
  readonly terms: {
    readonly OnDemand: Record<
      string,
      { readonly priceDimensions: Record<string, { unit: string; pricePerUnit: { USD: string } }> }
    >;
  };
}

/** The SDK types the items loosely: objects of class String. */
interface Answer {
  readonly PriceList?: readonly unknown[] | undefined;
}

const itemsOf = ({ PriceList: list = [] }: Answer): readonly Item[] =>
  list.map((each) => JSON.parse(String(each)) as Item);

const priceOf = ({ terms }: Item): readonly string[] =>
  Object.values(terms.OnDemand).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions).map(({ pricePerUnit }) => pricePerUnit.USD),
  );

describe("GetProducts", () => {
  it.each(["in-process", "direct"] as const)(
    "finds the one price that the filters name, as JSON text (%s)",
    async (front) => {
      const answer = await clientIn("us-east-1", front).send(
        query({
          Filters: [
            filter("regionCode", "eu-west-1"),
            filter("instanceType", "m5.large"),
            filter("operatingSystem", "Linux"),
            filter("preInstalledSw", "NA"),
            filter("tenancy", "Shared"),
            filter("capacitystatus", "Used"),
          ],
        }),
      );
      const items = itemsOf(answer);
      expect(items.map(priceOf)).toEqual([["0.1070000000"]]);
      expect(items[0]?.product.attributes).toMatchObject({ memory: "8 GiB", vcpu: "2" });
    },
  );

  it("has zero prices for whoever forgets capacitystatus, as AWS's list has", async () => {
    const answer = await clientIn("us-east-1").send(
      query({ Filters: [filter("instanceType", "m5.xlarge")] }),
    );
    expect(itemsOf(answer).flatMap(priceOf).map(Number)).toEqual([0.214, 0.214, 0]);
  });

  it.each([
    ["ANY_OF", "m5.large, m5.xlarge", 4],
    ["NONE_OF", "m5.large", 1],
    ["CONTAINS", "xlarge", 1],
    ["EQUALS", "m5.large", 3],
  ] as const)("understands %s", async (type, value, count) => {
    const answer = await clientIn("eu-central-1").send(
      query({ Filters: [filter("capacitystatus", "Used"), filter("instanceType", value, type)] }),
    );
    expect(itemsOf(answer)).toHaveLength(count);
  });

  it("pages to the end without losing or repeating an item", async () => {
    const client = clientIn("ap-south-1");
    const Filters = [filter("productFamily", "Compute Instance")];
    const skus: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const answer = await client.send(query({ Filters, MaxResults: 5, NextToken: token }));
      skus.push(...itemsOf(answer).map(({ product }) => product.sku));
      token = answer.NextToken;
      pages += 1;
    } while (token !== undefined);
    expect(pages).toBe(3);
    expect(new Set(skus).size).toBe(Object.keys(prices).length * 3);
    expect(skus).toHaveLength(12);
  });

  it.each([
    ["a token of another query", { NextToken: "AAAA" }, "InvalidNextTokenException"],
    ["a page of more than 100", { MaxResults: 101 }, "InvalidParameterException"],
    ["another service's prices", { ServiceCode: "AmazonS3" }, "InvalidParameterException"],
  ])("refuses %s", async (_, change, code) => {
    expect((await refusalOf(clientIn("us-east-1").send(query(change)))).code).toBe(code);
  });

  it("is served in three regions only", async () => {
    const refusal = await refusalOf(clientIn("eu-west-1").send(query()));
    expect(refusal.message).toContain("us-east-1, eu-central-1, ap-south-1");
  });
});
