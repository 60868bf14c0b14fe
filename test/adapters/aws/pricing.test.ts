import { beforeEach, describe, expect, it } from "@jest/globals";
import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { mockClient } from "aws-sdk-client-mock";
import { readOnDemandPrices } from "../../../adapters/aws/pricing.ts";
import { awsError } from "./aws-error.ts";

const pricing = new PricingClient({ region: "us-east-1" });
const mock = mockClient(pricing);
const input = { region: "eu-central-1", product: "Linux/UNIX" };

const item = (
  instanceType: string,
  usd: string,
  change: { readonly unit?: string; readonly attributes?: object } = {},
): string =>
  JSON.stringify({
    product: {
      sku: "S",
      attributes: { instanceType, regionCode: "eu-central-1", ...change.attributes },
    },
    terms: {
      OnDemand: {
        "S.T": {
          priceDimensions: {
            "S.T.D": { unit: change.unit ?? "Hrs", pricePerUnit: { USD: usd }, description: "x" },
          },
        },
      },
    },
  });

beforeEach(() => {
  mock.reset();
});

describe("On-Demand prices", () => {
  it("asks for used shared capacity without extra software, page by page to the null token", async () => {
    const request = {
      ServiceCode: "AmazonEC2",
      FormatVersion: "aws_v1",
      Filters: [
        { Type: "TERM_MATCH", Field: "regionCode", Value: "eu-central-1" },
        { Type: "TERM_MATCH", Field: "operatingSystem", Value: "Linux" },
        { Type: "TERM_MATCH", Field: "preInstalledSw", Value: "NA" },
        { Type: "TERM_MATCH", Field: "tenancy", Value: "Shared" },
        { Type: "TERM_MATCH", Field: "capacitystatus", Value: "Used" },
        { Type: "TERM_MATCH", Field: "licenseModel", Value: "No License required" },
      ],
      MaxResults: 100,
    };
    mock
      .on(GetProductsCommand)
      .resolvesOnce({ PriceList: [item("m5.large", "0.1150000000")], NextToken: "n" })
      .resolvesOnce({ PriceList: [item("c5.large", "0.097")] });
    await expect(readOnDemandPrices(pricing, input)).resolves.toEqual([
      { instanceType: "c5.large", hourlyUsd: 0.097 },
      { instanceType: "m5.large", hourlyUsd: 0.115 },
    ]);
    const inputs = mock.commandCalls(GetProductsCommand).map(({ args }) => args[0].input);
    expect(inputs).toEqual([request, { ...request, NextToken: "n" }]);
  });

  it.each([
    ["Linux/UNIX", "Linux"],
    ["Red Hat Enterprise Linux", "RHEL"],
    ["SUSE Linux", "SUSE"],
    ["Windows", "Windows"],
  ])("%s is the operating system %s", async (product, system) => {
    mock.on(GetProductsCommand).resolves({ PriceList: [item("m5.large", "1")] });
    await readOnDemandPrices(pricing, { ...input, product });
    expect(mock.commandCalls(GetProductsCommand)[0]?.args[0].input.Filters?.[1]?.Value).toBe(
      system,
    );
  });

  it("items come as the SDK's own strings, too", async () => {
    const list = [new String(item("m5.large", "1")) as unknown as string];
    mock.on(GetProductsCommand).resolves({ PriceList: list });
    await expect(readOnDemandPrices(pricing, input)).resolves.toHaveLength(1);
  });

  it("of two prices for one type the lower one counts; rows without an hourly price don't", async () => {
    mock.on(GetProductsCommand).resolves({
      PriceList: [
        item("m5.large", "0.2"),
        item("m5.large", "0.1"),
        item("m5.large", "0.0000000000"),
        item("m5.large", "0.01", { unit: "Quantity" }),
        item("p5.48xlarge", "0.5", { attributes: { marketoption: "CapacityBlock" } }),
      ],
    });
    await expect(readOnDemandPrices(pricing, input)).resolves.toEqual([
      { instanceType: "m5.large", hourlyUsd: 0.1 },
    ]);
  });

  it.each([
    ["not JSON", ["{"]],
    ["no object of the known shape", ['{"product":{}}']],
    ["no text", [7 as unknown as string]],
    ["an empty list", []],
  ])("%s is BrokenFacts", async (_what, PriceList) => {
    mock.on(GetProductsCommand).resolves({ PriceList });
    await expect(readOnDemandPrices(pricing, input)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("a product that the list has no name for is BrokenFacts, without a call", async () => {
    await expect(
      readOnDemandPrices(pricing, { ...input, product: "SQL Server Web" }),
    ).rejects.toMatchObject({ name: "BrokenFacts" });
    expect(mock.calls()).toHaveLength(0);
  });

  it("an error is translated", async () => {
    mock.on(GetProductsCommand).rejects(awsError("InternalErrorException", { status: 500 }));
    await expect(readOnDemandPrices(pricing, input)).rejects.toMatchObject({
      name: "RetryableUnavailable",
    });
  });
});
