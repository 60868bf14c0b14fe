import { describe, expect, it } from "@jest/globals";
import { compareReplacement } from "../../../../core/decide/linear/likeness.ts";
import type { InstanceFacts, ReplacementFacts } from "../../../../core/model/instance.ts";
import { openPolicy } from "./eligible-facts.ts";
import { fullInstance, replacement as launched } from "./full-instance.ts";

const policy = openPolicy();

const original: InstanceFacts = {
  ...fullInstance,
  tags: { Name: "web", "aws:cloudformation:stack-name": "shop", ManagedBy: "SpotOptimizer" },
  launchSettings: { "instance profile": "arn:profile/web", "detailed monitoring": "off" },
};

const [, ...secondary] = original.networkInterfaces;

/** With all that moves, and all that a launch gives. */
const replacement: ReplacementFacts = {
  ...launched,
  volumes: original.volumes,
  networkInterfaces: [...launched.networkInterfaces, ...secondary],
  tags: { Name: "web", "spot-optimizer:evaluation": "evl-1" },
  launchSettings: { "instance profile": "arn:profile/web", "detailed monitoring": "off" },
};

const withPrimary = (
  change: Partial<InstanceFacts["networkInterfaces"][number]>,
): ReplacementFacts => ({
  ...replacement,
  networkInterfaces: replacement.networkInterfaces.map((found) =>
    found.deviceIndex === 0 ? { ...found, ...change } : found,
  ),
});

const withSecondary = (
  change: Partial<InstanceFacts["networkInterfaces"][number]>,
): ReplacementFacts => ({
  ...replacement,
  networkInterfaces: replacement.networkInterfaces.map((found) =>
    found.deviceIndex === 0 ? found : { ...found, ...change },
  ),
});

const [group = ""] = original.networkInterfaces[0]?.securityGroupIds ?? [];

const compare = (found: ReplacementFacts, before = original) =>
  compareReplacement({ original: before, replacement: found }, policy);

const like = { lacks: [], differs: [] };

describe("a replacement", () => {
  it("with all that the original had is like it; AWS's tags and ours don't count", () => {
    expect(compare(replacement)).toEqual(like);
  });

  it.each<[string, ReplacementFacts, string]>([
    [
      "a volume under another name",
      {
        ...replacement,
        volumes: replacement.volumes.map((volume) =>
          volume.isRoot ? volume : { ...volume, deviceName: "/dev/sdz" },
        ),
      },
      "volume vol-data on /dev/sdf",
    ],
    [
      "an interface at another index",
      withSecondary({ deviceIndex: 2 }),
      "network interface eni-1 at index 1",
    ],
    [
      "other security groups",
      withPrimary({ securityGroupIds: [] }),
      `security group ${group} on its primary interface`,
    ],
    [
      "another instance profile",
      {
        ...replacement,
        launchSettings: { ...replacement.launchSettings, "instance profile": "none" },
      },
      "instance profile arn:profile/web",
    ],
  ])("with %s lacks what it needs", (_what, found, words) => {
    expect(compare(found)).toEqual({ lacks: [words], differs: [] });
  });

  it.each<[string, ReplacementFacts, string]>([
    [
      "a security group more",
      withPrimary({ securityGroupIds: [group, "sg-new"] }),
      "security group sg-new is new at eni-new",
    ],
    [
      "no source/destination check",
      withPrimary({ sourceDestCheck: false }),
      "source/destination check is off at eni-new",
    ],
    [
      "a moved interface whose groups are others",
      withSecondary({ securityGroupIds: [] }),
      `security group ${original.networkInterfaces[1]?.securityGroupIds[0] ?? ""} is gone at eni-1`,
    ],
    ["a tag less", { ...replacement, tags: {} }, "tag Name=web is gone"],
    ["a tag that changed", { ...replacement, tags: { Name: "w" } }, "tag Name was web and is w"],
    [
      "another setting",
      {
        ...replacement,
        launchSettings: { ...replacement.launchSettings, "detailed monitoring": "on" },
      },
      "detailed monitoring was off and is on",
    ],
  ])("with %s serves all the same", (_what, found, words) => {
    expect(compare(found)).toEqual({ lacks: [], differs: [words] });
  });

  it("is given a profile where the original had none: that is told", () => {
    const bare = { ...original, launchSettings: { "instance profile": "none" } };
    const found = { ...replacement, launchSettings: { "instance profile": "arn:profile/ssm" } };
    expect(compare(found, bare)).toEqual({
      lacks: [],
      differs: ["instance profile was none and is arn:profile/ssm"],
    });
  });

  it("of facts without settings is not compared by them", () => {
    const { launchSettings: _unread, ...bare } = original;
    expect(compare(replacement, bare)).toEqual(like);
  });

  it("of a stateless load has no volumes to show", () => {
    const pair = { original, replacement: { ...replacement, volumes: [] } };
    expect(compareReplacement(pair, openPolicy({ consistency: "stateless" }))).toEqual(like);
  });
});
