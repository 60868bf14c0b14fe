import { describe, expect, it } from "@jest/globals";
import { PricingClient } from "@aws-sdk/client-pricing";
import { readWastePrices } from "../../../adapters/aws/waste-prices.ts";
import { createPricing } from "../../../local/cloud/pricing/service.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { openPlace, refuseNext, region } from "./simulated-place.ts";

const openPricing = () => {
  const { cloud, config } = openPlace();
  const source = { regions: ["us-east-1", region], types: () => [], onDemand: () => undefined };
  const service = createPricing(cloud, source);
  cloud.serve(service);
  return { cloud, service, client: new PricingClient(config) };
};

const hourly = (usd: number) => ({ usd, unit: "Hrs" });
const monthly = (usd: number) => ({ usd, unit: "GB-Mo" });

describe("the prices of what may be waste", () => {
  it("are each the one row that is meant, whatever stands beside it", async () => {
    const { client } = openPricing();
    await expect(readWastePrices(client, "us-east-1")).resolves.toEqual({
      region: "us-east-1",
      publishedAt: "2026-03-02T10:00:00.000Z",
      idleAddress: hourly(0.005),
      usedAddress: hourly(0.005),
      volumes: new Map([
        ["gp2", monthly(0.1)],
        ["gp3", monthly(0.08)],
        ["io1", monthly(0.125)],
        ["io2", monthly(0.125)],
        ["st1", monthly(0.045)],
        ["sc1", monthly(0.015)],
        ["standard", monthly(0.05)],
      ]),
      iops: new Map([
        ["gp3", { usd: 0.005, unit: "IOPS-Mo" }],
        ["io1", { usd: 0.065, unit: "IOPS-Mo" }],
        ["io2", { usd: 0.065, unit: "IOPS-Mo" }],
      ]),
      throughput: { usd: 40.96, unit: "GiBps-mo" },
      snapshot: monthly(0.05),
      fastRestore: { usd: 0.75, unit: "DSU-Hrs" },
      natGateway: hourly(0.045),
      loadBalancers: new Map([
        ["application", hourly(0.0225)],
        ["network", hourly(0.0225)],
        ["gateway", hourly(0.0125)],
      ]),
    });
  });

  it("are those of the region, whose code stands before the usage type", async () => {
    const { client } = openPricing();
    const prices = await readWastePrices(client, region);
    expect(prices?.volumes.get("gp3")?.usd).toBeCloseTo(0.0952, 6);
    expect(prices?.snapshot).toEqual(monthly(0.05));
    expect(prices?.loadBalancers.get("application")).toEqual(hourly(0.0225));
  });

  it.each([0, 2])("are absent of what the list has %d rows of", async (rows) => {
    const { client, service } = openPricing();
    service.setRows("EBS:SnapshotUsage", rows);
    const prices = await readWastePrices(client, region);
    expect(prices?.snapshot).toBeUndefined();
    expect(prices?.fastRestore).toEqual({ usd: 0.75, unit: "DSU-Hrs" });
  });

  it("are not there at all for a region that the list does not have", async () => {
    const { client } = openPricing();
    await expect(readWastePrices(client, "eu-west-3")).resolves.toBeUndefined();
  });

  it("are not guessed where the list can't be read", async () => {
    const { client, cloud } = openPricing();
    refuseNext(cloud, "GetProducts", new CloudError("AccessDeniedException", "No."));
    await expect(readWastePrices(client, region)).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});
