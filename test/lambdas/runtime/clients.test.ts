import { describe, expect, it } from "@jest/globals";
import {
  ec2Client,
  elbClient,
  classicElbClient,
  noCustomerAccess,
  pricingClient,
  stsClient,
  tableClient,
  workflowClient,
} from "../../../lambdas/runtime/clients.ts";
import { account } from "../../adapters/store/examples.ts";
import { readSource, sourcesBelow } from "../../architecture/sources.ts";

const region = "eu-central-1";
const credentials = {
  accessKeyId: "AKID",
  secretAccessKey: "secret",
  sessionToken: "token",
  expiresAt: new Date("2026-03-02T10:00:00Z"),
};

describe("the clients of a function", () => {
  it("are made in one place, with the same settings, but IAM's, which one question loads", () => {
    const makers = sourcesBelow("lambdas").filter((path) =>
      /new \w+Client\(/.test(readSource(path)),
    );
    expect(makers).toEqual(["lambdas/runtime/clients.ts", "lambdas/runtime/iam-client.ts"]);
  });

  it("are of the function's region, but for prices and for what is the customer's", async () => {
    const clients = [
      stsClient(region),
      tableClient(region),
      workflowClient(region),
      pricingClient(),
      ec2Client("ap-south-1"),
      ec2Client("eu-west-1", credentials),
      elbClient("eu-west-1", credentials),
      classicElbClient("eu-west-1", credentials),
    ];
    const regions = await Promise.all(clients.map(({ config }) => config.region()));
    expect(regions).toEqual([
      region,
      region,
      region,
      "us-east-1",
      "ap-south-1",
      "eu-west-1",
      "eu-west-1",
      "eu-west-1",
    ]);
  });

  it("try a request once more and no more", async () => {
    const clients = [
      stsClient(region),
      pricingClient(),
      tableClient(region),
      workflowClient(region),
      ec2Client(region),
      elbClient(region, credentials),
      classicElbClient(region, credentials),
    ];
    for (const { config } of clients) expect(await config.maxAttempts()).toBe(2);
  });

  it("are none for a step that names none in a customer's account", async () => {
    const opening = noCustomerAccess.customer(account(), region, "evl-1");
    await expect(opening).rejects.toThrow("This step names no client in a customer's account.");
    expect(noCustomerAccess.openCustomer(region, "evl-1")).toBeUndefined();
  });
});
