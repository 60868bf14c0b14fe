/** What the part of the customer's role for groups lets through, weighed by the simulated IAM under the keys of AWS's reference. */
import { describe, expect, it } from "@jest/globals";
import { clusterPart } from "../../../lambdas/access/parts/cluster.ts";
import { asked, type ResourceFacts } from "../../../local/cloud/iam/asked.ts";
import { judgeCall } from "../../../local/cloud/iam/permissions.ts";

const permissions = {
  allow: [],
  deny: [],
  statements: clusterPart.statements.map(
    ({ effect = "Allow", actions, resources, conditions }) => ({
      effect,
      actions,
      resources,
      conditions,
    }),
  ),
};

const isAllowed = (action: string, facts: ResourceFacts): boolean =>
  judgeCall([permissions], () => [asked(action, [facts])]).kind === "ALLOWED";

const enrolled = { "spot-optimizer:enrolled": "true" };
const group: ResourceFacts = {
  arn: "arn:aws:autoscaling:us-east-1:444455556666:autoScalingGroup:5f1a:autoScalingGroupName/web",
  type: "autoScalingGroup",
  tags: enrolled,
};

const onMembers = [
  "AttachInstances",
  "DetachInstances",
  "TerminateInstanceInAutoScalingGroup",
  "SetInstanceProtection",
  "SuspendProcesses",
  "ResumeProcesses",
].map((name) => `autoscaling:${name}`);

describe("the part of the role for groups", () => {
  it.each(onMembers)("lets %s through at an enrolled group, and at no other", (action) => {
    expect(isAllowed(action, group)).toBe(true);
    expect(isAllowed(action, { ...group, tags: {} })).toBe(false);
    expect(isAllowed(action, { ...group, tags: { "spot-optimizer:enrolled": "no" } })).toBe(false);
  });

  const update = (keys: ResourceFacts["keys"], tags: ResourceFacts["tags"] = enrolled): boolean =>
    isAllowed("autoscaling:UpdateAutoScalingGroup", { ...group, keys, tags });
  const maximum = { "autoscaling:MaxSize": "9" };

  it("lets the maximum of an enrolled group be set, and of no other", () => {
    expect(update(maximum)).toBe(true);
    expect(update(maximum, {})).toBe(false);
  });

  it.each([
    ["autoscaling:MinSize", "1"],
    ["autoscaling:LaunchTemplateVersionSpecified", "true"],
    ["autoscaling:LaunchTemplateVersionSpecified", "false"],
    ["autoscaling:LaunchConfigurationName", "other"],
    ["autoscaling:InstanceTypes", "m5.large"],
    ["autoscaling:VPCZoneIdentifiers", "subnet-1"],
    ["autoscaling:ImageId", "ami-1"],
    ["autoscaling:CapacityReservationIds", "cr-1"],
  ])("does not let an update say %s=%s", (key, value) => {
    expect(update({ ...maximum, [key]: value })).toBe(false);
    expect(update({ [key]: value })).toBe(false);
  });

  it("does not let an update through that says nothing of the maximum", () => {
    expect(update({})).toBe(false);
  });

  it.each(["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"])(
    "lets %s through for the claim alone, at an enrolled group",
    (action) => {
      const claim = { "spot-optimizer:claim": "dpl-1#4" };
      expect(isAllowed(action, { ...group, requestTags: claim })).toBe(true);
      expect(isAllowed(action, { ...group, tags: {}, requestTags: claim })).toBe(false);
      expect(isAllowed(action, { ...group, requestTags: { ...claim, ...enrolled } })).toBe(false);
      expect(isAllowed(action, { ...group, requestTags: enrolled })).toBe(false);
      expect(isAllowed(action, { ...group, requestTags: {} })).toBe(false);
    },
  );

  it.each(["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"])(
    "lets %s through at an enrolled target group, and at no other",
    (action) => {
      const targets = {
        arn: "arn:aws:elasticloadbalancing:us-east-1:444455556666:targetgroup/web/1f",
        type: "targetgroup",
      };
      expect(isAllowed(action, { ...targets, tags: enrolled })).toBe(true);
      expect(isAllowed(action, { ...targets, tags: {} })).toBe(false);
    },
  );

  it("ends what we launched, and no member that somebody else did, enrolled or not", () => {
    const instance = { arn: "arn:aws:ec2:us-east-1:444455556666:instance/i-1", type: "instance" };
    const end = (tags: ResourceFacts["tags"]) =>
      isAllowed("ec2:TerminateInstances", { ...instance, tags });
    expect(end({ "spot-optimizer:deployment": "dpl-1" })).toBe(true);
    expect(end(enrolled)).toBe(false);
    expect(end({})).toBe(false);
  });
});
