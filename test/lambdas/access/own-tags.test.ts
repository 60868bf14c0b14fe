/** Which tags the customer's role lets us set and take away, weighed by the simulated IAM: our own, and never all that a thing bears. */
import { describe, expect, it } from "@jest/globals";
import { customerRoleParts } from "../../../lambdas/access/customer-role.ts";
import { asked, type ResourceFacts } from "../../../local/cloud/iam/asked.ts";
import { judgeCall } from "../../../local/cloud/iam/permissions.ts";

const isAllowed = (action: string, facts: ResourceFacts): boolean => {
  const statements = customerRoleParts.flatMap((part) =>
    part.statements.map(({ effect = "Allow", actions, resources, conditions }) => ({
      effect,
      actions,
      resources,
      conditions,
    })),
  );
  const permissions = { allow: [], deny: [], statements };
  return judgeCall([permissions], () => [asked(action, [facts])]).kind === "ALLOWED";
};

const enrolled = { "spot-optimizer:enrolled": "true" };
const ours = { "spot-optimizer:deployment": "dpl-1" };
const owners = { team: "shop" };

const things = [
  ["an instance", "instance", "arn:aws:ec2:us-east-1:444455556666:instance/i-1"],
  ["a volume", "volume", "arn:aws:ec2:us-east-1:444455556666:volume/vol-1"],
  ["an image", "image", "arn:aws:ec2:us-east-1::image/ami-1"],
  ["a snapshot", "snapshot", "arn:aws:ec2:us-east-1::snapshot/snap-1"],
  [
    "an interface",
    "network-interface",
    "arn:aws:ec2:us-east-1:444455556666:network-interface/eni-1",
  ],
] as const;

describe("tags of a thing in the customer's account", () => {
  it.each(things)("are not all taken away of %s by a call that names none", (_, type, arn) => {
    const call = (tags: ResourceFacts["tags"]) =>
      isAllowed("ec2:DeleteTags", { type, arn, tags, requestTags: {} });
    expect(call(enrolled)).toBe(false);
    expect(call({ ...enrolled, ...ours })).toBe(false);
    expect(call(ours)).toBe(false);
    expect(call(owners)).toBe(false);
  });

  it("are set and taken away of an enrolled instance where they are ours, and not where they are its owner's", () => {
    const [[, type, arn]] = things;
    for (const action of ["ec2:CreateTags", "ec2:DeleteTags"]) {
      const call = (requestTags: ResourceFacts["requestTags"]) =>
        isAllowed(action, { type, arn, tags: { ...enrolled, ...owners }, requestTags });
      expect(call(ours)).toBe(true);
      expect(call(owners)).toBe(false);
      expect(call({ ...ours, ...owners })).toBe(false);
      expect(call(enrolled)).toBe(false);
    }
  });

  it("are taken away where they are ours of what we have made", () => {
    for (const [, type, arn] of things) {
      const facts = { type, arn, tags: ours };
      expect(isAllowed("ec2:DeleteTags", { ...facts, requestTags: ours })).toBe(true);
      expect(isAllowed("ec2:DeleteTags", { ...facts, requestTags: owners })).toBe(false);
    }
  });
});
