import { describe, expect, it } from "@jest/globals";
import {
  emptiedUntil,
  judgeNotice,
  judgeRelease,
  leftFrom,
} from "../../../../core/decide/kubernetes/response.ts";
import type { WarnedMember } from "../../../../core/model/kubernetes/warned.ts";

const instanceId = "i-0123456789abcdef0";
const endsAt = "2026-03-02T09:02:00.000Z";
const atNotice = "2026-03-02T09:00:00.000Z";
const later = "2026-03-02T09:00:31.000Z";

describe("a notice that EC2 takes a node back", () => {
  const judged = (spotStatus: string | undefined, now = atNotice) =>
    judgeNotice(
      { instanceId, state: "running", ...(spotStatus === undefined ? {} : { spotStatus }) },
      { endsAt, now },
    );

  it.each([
    ["instance-terminated-no-capacity", true],
    ["marked-for-termination", true],
    ["marked-for-stop", false],
    ["instance-stopped-no-capacity", false],
  ])("is so where its request is %s", (status, isEnded) => {
    expect(judged(status)).toEqual({ kind: "ANNOUNCED", isEnded });
  });

  it.each(["fulfilled", undefined, "of a new kind"])(
    "is waited for, and then not believed, where its request is %s",
    (status) => {
      expect(judged(status)).toMatchObject({ kind: "UNCONFIRMED" });
      expect(judged(status, later)).toMatchObject({ kind: "NONE", reason: "NOT_INTERRUPTED" });
    },
  );

  it.each(["shutting-down", "terminated", undefined] as const)(
    "comes too late for a node that is %s",
    (state) => {
      const health = { instanceId, ...(state === undefined ? {} : { state }) };
      expect(judgeNotice(health, { endsAt, now: atNotice })).toMatchObject({
        kind: "NONE",
        reason: "TAKEN_BACK",
      });
    },
  );

  it("leaves 100 s for evictions, and its node is looked at for ten minutes after its end", () => {
    expect(emptiedUntil(endsAt)).toBe("2026-03-02T09:01:40.000Z");
    expect(leftFrom(endsAt)).toBe("2026-03-02T09:12:00.000Z");
  });
});

describe("a node that is taken back", () => {
  const plain: WarnedMember = {
    lifecycleState: "InService",
    desiredCapacity: 3,
    isLaunchSuspended: false,
    replacesAhead: false,
    hasTerminatingHook: false,
    hasTraffic: false,
  };
  const input = { instanceId, asgName: "workers", member: plain, isOurs: true, isEnded: true };

  it("is let go from its group, which launches another at once", () => {
    expect(judgeRelease(input)).toEqual({ kind: "RELEASE", member: plain });
  });

  it.each([
    ["EKS manages it", { asgName: undefined, member: undefined }, "EKS replaces node"],
    ["it has left it", { member: undefined }, "not a member"],
    ["EC2 stops it alone", { isEnded: false }, "comes back"],
    ["others have attached it", { isOurs: false }, "not attached by us"],
    ["it rebalances ahead", { member: { ...plain, replacesAhead: true } }, "replaced ahead"],
    ["nothing is launched", { member: { ...plain, isLaunchSuspended: true } }, "suspended"],
    ["a hook would not run", { member: { ...plain, hasTerminatingHook: true } }, "hook"],
    ["it has targets", { member: { ...plain, hasTraffic: true } }, "target groups"],
    ["it is not in service", { member: { ...plain, lifecycleState: "Standby" } }, "is Standby"],
  ])("stays a member where %s", (_, change, told) => {
    expect(judgeRelease({ ...input, ...change })).toEqual({
      kind: "KEEP",
      sentence: expect.stringContaining(told) as unknown,
    });
  });
});
