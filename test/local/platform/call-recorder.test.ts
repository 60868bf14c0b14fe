import { describe, expect, it } from "@jest/globals";
import type { Item } from "../../../adapters/store/table.ts";
import type { FunctionName } from "../../../lambdas/access/functions.ts";
import {
  recordCalls,
  unitsOfIndexQuery,
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
    expect(callers("ec2:RunInstances")).toEqual(["linear-check-eligibility", "linear-launch"]);
    expect(callers("pricing:GetProducts")).toEqual(["judge-scrape"]);
    expect(callers("states:StartExecution")).toEqual(["api"]);
    expect(recorder.invocations).toContain("judge-record");
    const launching = recorder.awsCalls.find(
      ({ action, by }) => action === "ec2:RunInstances" && by === "linear-launch",
    );
    const { place = -1 } = launching ?? {};
    expect([recorder.invocations[place], recorder.kinds[place]]).toEqual([
      "linear-launch",
      "LAUNCHED",
    ]);
    expect(recorder.kinds).toHaveLength(recorder.invocations.length);
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

  const inBoth = { gsi1pk: "FEEDS", gsi1sk: "x", gsi2pk: "DUE", gsi2sk: "x" };

  it.each([
    { what: "an item that is not there", items: [], units: 1 },
    { what: "a small item", items: [item(100)], units: 1 },
    { what: "an item of over 4 KB", items: [item(4100)], units: 2 },
    { what: "a page of small items together", items: [item(3000), item(3000)], units: 2 },
  ])("of reading $what: one per 4 KB", ({ items, units }) => {
    expect(unitsOfReading(items)).toBe(units);
  });

  it.each([
    { what: "finds nothing", items: [], units: 0.5 },
    { what: "finds large items", items: [item(9000, inBoth), item(9000, inBoth)], units: 0.5 },
    { what: "finds many items", items: Array<Item>(200).fill(item(10, inBoth)), units: 1 },
  ])("of asking an index that $what: half of one per 4 KB of keys", ({ items, units }) => {
    expect(unitsOfIndexQuery(items, "gsi1")).toBe(units);
  });

  it.each([
    { what: "a small item", before: undefined, after: item(10), units: 1 },
    { what: "an item of over 4 KB", before: undefined, after: item(4100), units: 5 },
    { what: "a small item over a large one", before: item(4100), after: item(10), units: 5 },
    { what: "nothing over a large one", before: item(4100), after: undefined, units: 5 },
    { what: "nothing over nothing", before: undefined, after: undefined, units: 1 },
    { what: "a new one in an index", after: item(10, { gsi1pk: "A", gsi1sk: "x" }), units: 2 },
    { what: "a large new one in both indexes", after: item(4100, inBoth), units: 7 },
    { what: "one whose keys stay", before: item(10, inBoth), after: item(20, inBoth), units: 1 },
    {
      what: "one whose key in an index changes",
      before: item(10, inBoth),
      after: item(10, { ...inBoth, gsi1pk: "OTHER" }),
      units: 3,
    },
    { what: "one that leaves both indexes", before: item(10, inBoth), after: item(10), units: 3 },
    { what: "nothing over one in both", before: item(10, inBoth), after: undefined, units: 3 },
  ])(
    "of writing $what: one per KB, and one per entry of an index that comes or goes",
    ({ before, after, units }) => {
      expect(unitsOfWriting(before, after, { kind: "WRITTEN" })).toBe(units);
    },
  );

  it.each([
    { what: "a large item", before: item(4100, inBoth), units: 5 },
    { what: "nothing", before: undefined, units: 1 },
  ])("of a write that is turned away: what is there costs, here $what", ({ before, units }) => {
    expect(unitsOfWriting(before, item(9000, inBoth), { kind: "CONFLICT" })).toBe(units);
  });
});
