import { describe, expect, it } from "@jest/globals";
import { judgeReachability, judgeStandIn } from "../../../../core/decide/switch/traffic.ts";
import type { TargetGroupFacts, TargetGroupStanding } from "../../../../core/model/target-group.ts";

const group = (zonesOfEach: Readonly<Record<string, readonly string[]>>, arn = "tg") => ({
  arn,
  port: 80,
  loadBalancers: Object.entries(zonesOfEach).map(([name, zoneIds]) => ({ arn: name, zoneIds })),
});

describe("load balancing right before the original is given up", () => {
  const zoneIds = ["az-1", "az-2"];
  const both = group({ lb: zoneIds });
  const reach = (before: readonly TargetGroupFacts[], now: readonly TargetGroupFacts[]) =>
    judgeReachability({ before, now, zoneIds });

  it.each<readonly [string, readonly TargetGroupFacts[], readonly TargetGroupFacts[]]>([
    ["as it was", [both], [both]],
    ["with another zone besides", [both], [group({ lb: ["az-1", "az-2", "az-3"] })]],
    ["without one zone that neither stands in", [group({ lb: ["az-1", "az-2", "az-3"] })], [both]],
    ["of a group that nobody uses", [group({})], [group({})]],
    ["with a new load balancer that serves both zones", [group({})], [both]],
    ["not known at the verdict, and well now", [{ arn: "tg", port: 80 }], [both]],
    ["of no group at all", [], []],
  ])("%s is unchanged", (_, before, now) => {
    expect(reach(before, now)).toEqual({ kind: "UNCHANGED" });
  });

  it.each<readonly [string, readonly TargetGroupFacts[], readonly TargetGroupFacts[], string]>([
    [
      "without the replacement's zone",
      [both],
      [group({ lb: ["az-1"] })],
      "load balancer lb of target group tg serves az-1, not az-2.",
    ],
    [
      "without the original's zone",
      [both],
      [group({ lb: ["az-2"] })],
      "load balancer lb of target group tg serves az-2, not az-1.",
    ],
    [
      "with a load balancer that left the group",
      [both],
      [group({})],
      "load balancer lb no longer forwards to target group tg.",
    ],
    [
      "with a new load balancer that serves one zone only",
      [group({})],
      [group({ lb: ["az-1"] })],
      "serves az-1, not az-2.",
    ],
    [
      "not known at the verdict, and short of a zone now",
      [{ arn: "tg", port: 80 }],
      [group({ lb: ["az-1"] })],
      "serves az-1, not az-2.",
    ],
    [
      "with a second group that lost a zone",
      [both, group({ lb2: zoneIds }, "tg-2")],
      [both, group({ lb2: [] }, "tg-2")],
      "load balancer lb2 of target group tg-2 serves no zone, not az-2.",
    ],
  ])("%s has changed", (_, before, now, words) => {
    const judged = reach(before, now);
    expect(judged.kind).toBe("CHANGED");
    expect(judged.kind === "CHANGED" && judged.sentence).toContain(words);
  });
});

describe("a replacement stands in for the original in a target group", () => {
  const standings = ["absent", "leaving", "joining", "ready", "unrouted"] as const;
  const kindOf = (
    replacement: TargetGroupStanding,
    original: TargetGroupStanding,
    read: Required<TargetGroupFacts> | undefined,
  ): string => judgeStandIn({ replacement, original, zoneId: "az-1", group: read }).kind;

  it.each(standings)("once it is healthy, whatever the original is: %s", (original) => {
    expect(kindOf("ready", original, undefined)).toBe("STANDS_IN");
  });

  it.each(["absent", "leaving", "joining"] as const)("never while it is %s", (replacement) => {
    for (const original of standings) {
      expect(kindOf(replacement, original, group({}))).toBe("WAITING");
    }
  });

  it.each(["absent", "leaving", "joining", "unrouted"] as const)(
    "unrouted, where no load balancer uses the group and the original is %s",
    (original) => {
      expect(kindOf("unrouted", original, group({}))).toBe("STANDS_IN");
    },
  );

  it("not unrouted while the original gets traffic, whatever is said of the group", () => {
    expect(kindOf("unrouted", "ready", group({}))).toBe("WAITING");
  });

  it.each(standings)(
    "never in a zone that is not served: not for a stopped original either (%s)",
    (original) => {
      const judged = judgeStandIn({
        replacement: "unrouted",
        original,
        zoneId: "az-1",
        group: group({ lb: ["az-2"] }),
      });
      expect(judged).toEqual({
        kind: "CUT_OFF",
        sentence:
          "The replacement gets no traffic: load balancer lb of target group tg serves az-2, not az-1.",
      });
    },
  );

  it("not yet where its zone is served and AWS still calls it unused", () => {
    for (const original of standings) {
      expect(kindOf("unrouted", original, group({ lb: ["az-1"] }))).toBe("WAITING");
    }
  });

  it("not where the group was not read: unknown is not success", () => {
    for (const original of standings)
      expect(kindOf("unrouted", original, undefined)).toBe("WAITING");
  });
});
