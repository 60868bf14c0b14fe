import { describe, expect, it } from "@jest/globals";
import {
  earliestOf,
  foundLosses,
  notTheirPools,
} from "../../../../core/decide/fleet/late-losses.ts";
import { spotInstanceSchema } from "../../../../core/model/spot-instance.ts";

const row = spotInstanceSchema().parse({
  accountId: "444455556666",
  region: "us-east-1",
  instanceId: "i-0123456789abcdef0",
  instanceType: "m5.large",
  zoneId: "use1-az1",
  product: "Linux/UNIX",
  launchedAt: "2026-03-01T10:00:00.000Z",
});
const now = "2026-03-02T10:15:00.000Z";
const since = "2026-03-02T10:01:00.000Z";
const silent: Parameters<typeof foundLosses>[1] = { warned: new Set(), experiments: [], now };

const found = (code: string, told: Partial<typeof silent> = {}, at = since) =>
  foundLosses([{ row, status: { code, since: at } }], { ...silent, ...told });

describe("a Spot Instance that has gone from the inventory", () => {
  it("was lost when its request says that the pool took it, late where no warning told of it", () => {
    expect(found("instance-terminated-no-capacity")).toEqual([{ row, at: since, isLate: true }]);
    const warned = new Set([row.instanceId]);
    expect(found("instance-stopped-no-capacity", { warned })).toEqual([
      { row, at: since, isLate: false },
    ]);
  });

  it.each([
    ["instance-terminated-by-price", 1],
    ["instance-terminated-by-experiment", 1],
    ["instance-terminated-by-user", 0],
    ["instance-terminated-no-capacity", 0],
    ["marked-for-termination", 0],
    ["fulfilled", 0],
  ])("is taken back from its pool where its request says who else took it: %s", (code, count) => {
    expect(notTheirPools([{ row, status: { code } }])).toHaveLength(count);
  });

  it.each([
    "instance-terminated-by-price",
    "instance-terminated-by-user",
    "instance-terminated-by-service",
    "instance-terminated-by-schedule",
    "instance-terminated-by-experiment",
    "instance-terminated-launch-group-constraint",
    "marked-for-termination",
    "request-canceled-and-instance-running",
    "fulfilled",
    "a-code-that-came-later",
  ])("says nothing of its pool where its request says %s", (code) => {
    expect(found(code)).toEqual([]);
  });

  it("under an experiment of FIS says nothing of its pool", () => {
    const experiments = [{ experimentId: "EXP1", status: "running", at: since }];
    expect(found("instance-terminated-no-capacity", { experiments })).toEqual([]);
  });

  it("was not lost after now, and where EC2 does not say when, now", () => {
    const later = "2026-03-02T10:16:00.000Z";
    expect(found("instance-terminated-no-capacity", {}, later)).toMatchObject([{ at: now }]);
    const [one] = foundLosses(
      [{ row, status: { code: "instance-terminated-no-capacity" } }],
      silent,
    );
    expect(one?.at).toBe(now);
    expect(earliestOf([{ row, status: { code: "fulfilled" } }], now)).toBe(now);
    expect(earliestOf([{ row, status: { code: "fulfilled", since } }], now)).toBe(since);
  });
});
