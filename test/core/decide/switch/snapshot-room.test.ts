import { describe, expect, it } from "@jest/globals";
import {
  hasRoomToSpare,
  lackOfSnapshots,
  unreadSnapshots,
} from "../../../../core/decide/switch/snapshot-room.ts";

const where = { accountId: "111122223333", region: "eu-central-1" };
const counted = (count: number, quota = 100_000) => ({ kind: "COUNTED", count, quota }) as const;

describe("room for the snapshots of a switch", () => {
  it.each([
    [99_998, true],
    [99_999, false],
    [100_000, false],
    [120_000, false],
  ])("with %d of 100000 is there: %s", (count, isThere) => {
    expect(lackOfSnapshots(counted(count), where) === undefined).toBe(isThere);
  });

  it("that is lacking is told with both numbers and the command that raises the quota", () => {
    const told = lackOfSnapshots(counted(500, 501), where) ?? "";
    expect(told).toContain("has 500 of the 501 snapshots");
    expect(told).toContain("--quota-code L-309BACF6 --desired-value … --region eu-central-1");
  });

  it("that is not known lacks nothing, and is told", () => {
    expect(lackOfSnapshots(undefined, where)).toBeUndefined();
    expect(unreadSnapshots(undefined)).toBeUndefined();
    const unread = { kind: "UNREAD", because: "GetServiceQuota: AccessDenied" } as const;
    expect(lackOfSnapshots(unread, where)).toBeUndefined();
    expect(unreadSnapshots(unread)).toContain("(GetServiceQuota: AccessDenied)");
    expect(unreadSnapshots(counted(1))).toBeUndefined();
  });

  it("is plenty with a thousand to spare", () => {
    expect(hasRoomToSpare(counted(99_000))).toBe(true);
    expect(hasRoomToSpare(counted(99_001))).toBe(false);
  });
});
