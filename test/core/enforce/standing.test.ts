import { describe, expect, it } from "@jest/globals";
import { ownerTags } from "../../../core/enforce/owner-lists.ts";
import { standingOf } from "../../../core/enforce/standing.ts";
import { idOf, rules, seen } from "./samples.ts";

const unowned = { kind: "UNOWNED" };

/** As a tag of the list would stand on an instance. */
const asCarried = ({ key, value }: { readonly key: string; readonly value?: string }) => ({
  [key.replace(/\*$/, "shop")]: value ?? "shop",
});

describe("an instance has an owner, and is never flagged", () => {
  it.each(ownerTags.map((tag) => [tag.key, tag] as const))("by the tag %s", (_, tag) => {
    expect(standingOf(seen({ tags: asCarried(tag) }), rules())).toEqual({
      kind: "OWNED",
      by: "OWNER_TAG",
      byTagOnly: !tag.key.startsWith("aws:"),
    });
  });

  it.each([
    ["a registered target, or a subject or swap", {}, { held: new Set([idOf(1)]) }],
    ["managed by a service of AWS, whatever principal", { isManaged: true }, {}],
    ["a Spot Instance", { lifecycle: "spot" }, {}],
    ["a Capacity Block", { lifecycle: "capacity-block" }, {}],
    ["a container instance of ECS without its tag", {}, { containerInstances: new Set([idOf(1)]) }],
    ["a member of a group whose tag has not come yet", {}, { members: new Set([idOf(1)]) }],
  ])("by a fact: %s", (_, instance, known) => {
    const standing = standingOf(seen({ tags: {}, ...instance }), rules(known));
    expect(standing).toMatchObject({ kind: "OWNED", byTagOnly: false });
  });

  it.each([
    ["this deployment's tag", { "spot-optimizer:deployment": "dpl-0123456789" }],
    ["another deployment's tag", { "spot-optimizer:deployment": "dpl-9999999999" }],
    ["ManagedBy=SpotOptimizer", { ManagedBy: "SpotOptimizer" }],
  ])("by %s", (_, tags) => {
    expect(standingOf(seen({ tags }), rules())).toMatchObject({ by: "SPOT_OPTIMIZER" });
  });

  it.each([
    ["a tag by its key", { allowedTags: [{ key: "team" }] }],
    ["a tag by key and value", { allowedTags: [{ key: "team", value: "shop" }] }],
    ["its id", { allowedInstanceIds: [idOf(1)] }],
    ["its image", { allowedImageIds: ["ami-0123456789abcdef0"] }],
    ["who launched it", { allowedPrincipals: ["arn:aws:iam::444455556666:user/ada"] }],
  ])("by the allow-list: %s", (_, list) => {
    const instance = seen({
      tags: { team: "shop" },
      principals: ["arn:aws:iam::444455556666:user/ada"],
    });
    expect(standingOf(instance, rules())).toEqual(unowned);
    const { settings } = rules();
    const standing = standingOf(instance, rules({ settings: { ...settings, ...list } }));
    expect(standing).toMatchObject({ kind: "OWNED", by: "ALLOW_LIST" });
  });
});

describe("an instance has no owner", () => {
  it.each([
    "aws:ec2launchtemplate:id",
    "aws:ec2launchtemplate:version",
    "aws:cloudformation:stack-id",
    "aws:cloudformation:logical-id",
    "aws:createdBy",
    "aws:backup:source-resource",
    "aws:servicecatalog:source",
    "aws:ssmmessages:session-id",
  ])("whose only tag says where it comes from: %s", (key) => {
    expect(standingOf(seen({ tags: { [key]: "x" } }), rules())).toEqual(unowned);
  });

  it.each([
    ["no tags at all", {}],
    ["another ManagedBy", { ManagedBy: "terraform" }],
    ["another CreatedBy", { CreatedBy: "ada" }],
    ["a key that begins as one of the list", { "eks:cluster-name-old": "shop" }],
    ["a key that Object has", { constructor: "x" }],
  ])("with %s", (_, tags) => {
    expect(standingOf(seen({ tags }), rules())).toEqual(unowned);
  });

  it("whose tag has another value than the list", () => {
    const { settings } = rules();
    const allowedTags = [{ key: "team", value: "shop" }];
    const standing = standingOf(
      seen({ tags: { team: "unknown" } }),
      rules({ settings: { ...settings, allowedTags } }),
    );
    expect(standing).toEqual(unowned);
  });
});

it("each tag of the owner lists says whose it is, and where that is written", () => {
  for (const { key, owner, evidence } of ownerTags) {
    expect([key, owner, evidence]).not.toContain("");
  }
  expect(new Set(ownerTags.map(({ key }) => key)).size).toBe(ownerTags.length);
});
