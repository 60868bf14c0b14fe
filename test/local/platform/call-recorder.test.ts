import { describe, expect, it } from "@jest/globals";
import type { Item } from "../../../adapters/store/table.ts";
import type { FunctionName } from "../../../lambdas/access/functions.ts";
import {
  recordCalls,
  unitsOfReading,
  unitsOfWriting,
} from "../../../local/platform/call-recorder.ts";
import { createLab } from "../../../local/lab/lab.ts";

describe("the recorder of calls", () => {
  it("knows who made each call, and leaves out calls that none of our functions made", async () => {
    const lab = await createLab({ consistency: "stateless" });
    const recorder = recordCalls(lab.platform);
    await lab.table.get({ pk: "EVALUATION#none", sk: "RECORD" });
    expect(recorder.tableRequests).toEqual([]);
    expect(recorder.running()).toBeUndefined();

    const { status } = await lab.run();
    expect(status).toBe("SWITCHED");
    const callers = (action: string): readonly FunctionName[] => [
      ...new Set(recorder.awsCalls.filter((call) => call.action === action).map((call) => call.by)),
    ];
    expect(callers("ec2:RunInstances")).toEqual(["linear-launch"]);
    expect(callers("pricing:GetProducts")).toEqual(["judge-scrape"]);
    expect(callers("states:StartExecution")).toEqual(["api"]);
    expect(recorder.invocations).toContain("judge-record");
    const sides = recorder.awsCalls.map(({ action, side }) => `${side} ${action}`);
    expect(sides).toContain("customer ec2:DescribeSubnets");
    expect(sides).toContain("own ec2:DescribeSpotPriceHistory");
  });
});

describe("request units, as DynamoDB bills them", () => {
  const item = (bytes: number, indexes: Partial<Item> = {}): Item => ({
    pk: "FEED#x",
    sk: "BODY",
    version: 1,
    data: "x".repeat(bytes),
    ...indexes,
  });

  it.each([
    { what: "an item that is not there", items: [], consistent: 1 },
    { what: "a small item", items: [item(100)], consistent: 1 },
    { what: "an item of over 4 KB", items: [item(4100)], consistent: 2 },
    { what: "a page of small items together", items: [item(3000), item(3000)], consistent: 2 },
  ])("of reading $what: one per 4 KB, half through an index", ({ items, consistent }) => {
    expect(unitsOfReading(items, true)).toBe(consistent);
    expect(unitsOfReading(items, false)).toBe(consistent / 2);
  });

  it.each([
    { what: "a small item", written: item(10), units: 1 },
    { what: "an item of over 4 KB", written: item(4100), units: 5 },
    { what: "one in an index", written: item(10, { gsi1pk: "FEEDS", gsi1sk: "x" }), units: 2 },
    {
      what: "one in both indexes",
      written: item(10, { gsi1pk: "FEEDS", gsi1sk: "x", gsi2pk: "DUE", gsi2sk: "x" }),
      units: 3,
    },
  ])("of writing $what: one per KB, again for each index", ({ written, units }) => {
    expect(unitsOfWriting(written)).toBe(units);
  });
});
