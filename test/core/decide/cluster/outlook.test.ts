import { describe, expect, it } from "@jest/globals";
import { outlookOf } from "../../../../core/decide/cluster/outlook.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import { groupOf, plainGroup, plainMember, plainMembers, spotMember } from "./plain-group.ts";

const told = (change: Partial<GroupFacts> = {}): string =>
  outlookOf({ ...plainGroup, ...change }) ?? "nothing";
const { settings } = plainGroup;

describe("what the owner of a group is told before its first swap", () => {
  it("is what the group launches by itself, in any case", () => {
    expect(told()).toMatch(/^To know before the first swap: what the group launches by itself/);
    expect(told()).toContain("On-Demand until the next evaluation");
    expect(told()).toContain("scale-in by termination policy Default");
    expect(told()).toContain("refresh with skip matching replaces them as well");
    expect(told()).toContain("shows no launch template of members that we bring");
    expect(told()).toContain("docs/workflows/cluster.md");
  });

  it.each<[string, Partial<GroupFacts>]>([
    [
      "policy OldestLaunchTemplate may end them",
      { settings: { ...settings, terminationPolicies: ["OldestLaunchTemplate"] } },
    ],
    ["an update of stack shop", { stack: { name: "shop", status: "UPDATE_COMPLETE" } }],
    ["a run of Terraform", { tags: { "terraform:module": "web" } }],
    ["older than 7 days", { settings: { ...settings, maxInstanceLifetimeSeconds: 604_800 } }],
    [
      "at least 90 % healthy",
      {
        settings: {
          ...settings,
          maintenance: { minHealthyPercentage: 90, maxHealthyPercentage: 110 },
        },
      },
    ],
  ])("names %s where the group has it, and else not", (words, change) => {
    expect(told(change)).toContain(words);
    expect(told()).not.toContain(words);
  });

  it("leaves a scale-in out whose policy is another", () => {
    const terminationPolicies = ["NewestInstance"];
    expect(told({ settings: { ...settings, terminationPolicies } })).not.toContain("scale-in by");
  });

  it("says which other way suits it better, the owner of its definition first", () => {
    const many = Array.from({ length: 60 }, (_, index) => plainMember(index + 1));
    expect(told({ members: many })).toContain("With 60 members a mixed-instances policy");
    expect(told({ members: many, tags: { "terraform:module": "web" } })).toContain(
      "Its definition belongs to Terraform: a mixed-instances policy there lasts",
    );
    expect(told()).not.toContain("mixed-instances policy");
  });

  it("is told once: not of a group that stands on Spot in part, and not of one that is not there", () => {
    expect(outlookOf(groupOf([spotMember(1), ...plainMembers.slice(1)]))).toBeUndefined();
    expect(outlookOf(undefined)).toBeUndefined();
  });
});
