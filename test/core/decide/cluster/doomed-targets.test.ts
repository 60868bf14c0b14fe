import { describe, expect, it } from "@jest/globals";
import { leavingTargets, type Doomed } from "../../../../core/decide/cluster/doomed-targets.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { GroupTargets, MemberStanding } from "../../../../core/model/group-traffic.ts";

const id = (letter: string) => instanceIdSchema.parse(`i-0000000000000000${letter}`);
const [a, b, c] = [id("a"), id("b"), id("c")];
const announcedAt = "2026-03-02T09:00:00.000Z";
const at = (seconds: number): string =>
  new Date(Date.parse(announcedAt) + seconds * 1000).toISOString();

const target = (
  instanceId: string,
  standing: MemberStanding["standing"] = "ready",
  override?: string,
): MemberStanding => ({
  instanceId,
  port: 80,
  standing,
  isFailing: false,
  ...(override === undefined ? {} : { override }),
});

const group = (targets: readonly MemberStanding[], type = "net"): GroupTargets => ({
  arn: "arn:tg",
  port: 80,
  loadBalancers: [
    { arn: `arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/${type}/web/1`, zoneIds: [] },
  ],
  slowStartSeconds: 0,
  deregistrationDelaySeconds: 300,
  targets,
});

const leaving = (groups: readonly GroupTargets[], doomed: readonly Doomed[], now: string) =>
  leavingTargets(groups, doomed, now).map(({ instanceId }) => instanceId);

const doomed = [{ instanceId: a, announcedAt }];
const both = [...doomed, { instanceId: b, announcedAt: at(30) }];

describe("a doomed member", () => {
  it.each<[string, readonly GroupTargets[], readonly Doomed[], number, readonly string[]]>([
    ["leaves at once where another is healthy", [group([target(a), target(b)])], doomed, 1, [a]],
    ["stays where it is the last", [group([target(a)])], doomed, 100, []],
    ["leaves as the last from the 100th second on", [group([target(a)])], doomed, 101, [a]],
    [
      "is the last where the others are doomed as well",
      [group([target(a), target(b)])],
      both,
      102,
      [a],
    ],
    [
      "is the last where the others fail their checks, or get nothing",
      [group([target(a), target(b, "joining"), target(c, "ready", "zonal_shift_active")])],
      doomed,
      60,
      [],
    ],
    [
      "is taken out though it fails its checks itself",
      [group([target(a, "joining"), target(b)])],
      doomed,
      1,
      [a],
    ],
    ["has left", [group([target(a, "leaving"), target(b)])], doomed, 1, []],
    [
      "stays in an Application Load Balancer",
      [group([target(a), target(b)], "app")],
      doomed,
      110,
      [],
    ],
  ])("%s", (_, groups, members, seconds, expected) => {
    expect(leaving(groups, members, at(seconds))).toEqual(expected);
  });
});
