import { describe, expect, it } from "@jest/globals";
import {
  thoseThatServe,
  unservedIn,
  type TargetGroupFacts,
  type TargetGroupStanding,
} from "../../../core/model/target-group.ts";

describe("a zone and the load balancers of target groups", () => {
  const group = (arn: string, ...zonesOfEach: readonly string[][]): TargetGroupFacts => ({
    arn,
    port: 80,
    loadBalancers: zonesOfEach.map((zoneIds, index) => ({
      arn: `${arn}-lb${String(index)}`,
      zoneIds,
    })),
  });

  it.each<readonly [string, readonly TargetGroupFacts[], string | undefined]>([
    ["no group", [], undefined],
    ["a group that nobody uses", [group("tg")], undefined],
    ["a group of which it is not known", [{ arn: "tg", port: 80 }], undefined],
    ["one that serves the zone among others", [group("tg", ["az-1", "az-2"])], undefined],
    ["one that does not", [group("tg", ["az-2"])], "tg-lb0"],
    ["one without zones", [group("tg", [])], "tg-lb0"],
    ["the second of a group", [group("tg", ["az-1"], ["az-2"])], "tg-lb1"],
    ["the second group", [group("tg", ["az-1"]), group("other", ["az-2"])], "other-lb0"],
  ])("%s", (_, groups, expected) => {
    expect(unservedIn(groups, "az-1")?.loadBalancer.arn).toBe(expected);
  });
});

describe("the members that stand for a target group", () => {
  const members = (
    ...standings: readonly TargetGroupStanding[]
  ): ReadonlyMap<string, TargetGroupStanding> =>
    new Map(standings.map((standing, index) => [`i-${String(index)}`, standing]));

  it.each<readonly [readonly TargetGroupStanding[], readonly string[]]>([
    [["ready", "unrouted"], ["i-0"]],
    [["unrouted", "ready"], ["i-1"]],
    [["unrouted", "joining"], ["i-0"]],
    [
      ["unrouted", "unrouted"],
      ["i-0", "i-1"],
    ],
    [
      ["ready", "ready"],
      ["i-0", "i-1"],
    ],
    [["joining", "joining"], []],
    [[], []],
  ])("of %j are %j", (standings, expected) => {
    expect(thoseThatServe(members(...standings))).toEqual(expected);
  });
});
