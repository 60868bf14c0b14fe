import { describe, expect, it } from "@jest/globals";
import { lambdaClients, tableClient, workflowClient } from "../../../lambdas/runtime/clients.ts";
import { readSource, sourcesBelow } from "../../architecture/sources.ts";

const region = "eu-central-1";
const credentials = {
  accessKeyId: "AKID",
  secretAccessKey: "secret",
  sessionToken: "token",
  expiresAt: new Date("2026-03-02T10:00:00Z"),
};

describe("the clients of a function", () => {
  it("are made in one place, with the same settings", () => {
    const makers = sourcesBelow("lambdas").filter((path) =>
      /new \w+Client\(/.test(readSource(path)),
    );
    expect(makers).toEqual(["lambdas/runtime/clients.ts"]);
  });

  it("are of the function's region, but for prices and for what is the customer's", async () => {
    const { sts, pricing, marketEc2, customer } = lambdaClients(region);
    const { ec2, elb } = customer(credentials, "eu-west-1");
    const regions = await Promise.all(
      [
        sts,
        tableClient(region),
        workflowClient(region),
        pricing,
        marketEc2("ap-south-1"),
        ec2,
        elb,
      ].map(({ config }) => config.region()),
    );
    expect(regions).toEqual([
      region,
      region,
      region,
      "us-east-1",
      "ap-south-1",
      "eu-west-1",
      "eu-west-1",
    ]);
  });

  it("try a request once more and no more", async () => {
    const { sts, pricing } = lambdaClients(region);
    for (const { config } of [sts, pricing, tableClient(region), workflowClient(region)]) {
      expect(await config.maxAttempts()).toBe(2);
    }
  });
});
