import { describe, expect, it } from "@jest/globals";
import { foundTarget } from "../../../../core/decide/switch/found-target.ts";
import { accountIdSchema, instanceIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceState } from "../../../../core/model/instance.ts";

const by = {
  accountId: accountIdSchema.parse("444455556666"),
  region: "eu-central-1",
  targetId: targetIdSchema.parse("tgt-0123456789"),
  now: "2026-03-01T12:00:00.000Z",
};

const found = (tags: Readonly<Record<string, string>>, state: InstanceState = "running") =>
  foundTarget(
    {
      instanceId: instanceIdSchema.parse("i-0a1b2c3d4e5f60718"),
      instanceType: "m5.large",
      zoneName: "eu-central-1a",
      state,
      tags,
    },
    by,
  );

const asg = { "aws:autoscaling:groupName": "web-blue" };
const owned = { "kubernetes.io/cluster/prod-eu": "owned" };
const managed = {
  ...asg,
  ...owned,
  "eks:cluster-name": "prod-eu",
  "eks:nodegroup-name": "workers",
};
const workers = { clusterName: "prod-eu", nodeGroup: "workers", scope: "ALL" };
const ownGroup = {
  clusterName: "prod-eu",
  nodeGroup: "web-blue",
  scope: "ALL",
  asgName: "web-blue",
};

describe("what is found in an account is registered", () => {
  it.each([
    ["by itself", { Name: "web" }, { pipelineMode: "LINEAR" }],
    ["as its group", asg, { pipelineMode: "CLUSTER", group: { asgName: "web-blue" } }],
    ["as its managed node group", managed, { pipelineMode: "KUBERNETES", node: workers }],
    [
      "as the Auto Scaling group behind nodes that their owner manages",
      { ...asg, ...owned },
      { pipelineMode: "KUBERNETES", node: ownGroup },
    ],
  ])("%s, in shadow mode and without consents", (_how, tags, belonging) => {
    expect(found(tags)).toEqual({
      targetId: "tgt-0123456789",
      accountId: "444455556666",
      region: "eu-central-1",
      instanceId: "i-0a1b2c3d4e5f60718",
      instanceType: "m5.large",
      availabilityZone: "eu-central-1a",
      isShadowMode: true,
      policyOverrides: {},
      createdAt: by.now,
      updatedAt: by.now,
      ...belonging,
    });
  });

  it("in shadow mode whatever a tag says: it finds, it never entitles", () => {
    expect(found({ "spot-optimizer:enrolled": "true", is_shadow_mode: "false" })).toMatchObject({
      isShadowMode: true,
    });
  });

  it.each([
    ["a node that Karpenter launches", { ...owned, "karpenter.sh/nodepool": "default" }],
    ["a node without any group", owned],
    ["a node of which no cluster is named", { ...asg, "k8s.io/cluster-autoscaler/enabled": "1" }],
  ])("but not %s", (_what, tags) => {
    expect(found(tags)).toEqual({
      sentence: expect.stringMatching(/^Instance i-0a1b2c3d4e5f60718 is a Kubernetes node \(tag /),
    });
  });

  it.each(["terminated", "shutting-down"] as const)("but not when it is %s", (state) => {
    expect(found(asg, state)).toEqual({ sentence: `Instance i-0a1b2c3d4e5f60718 is ${state}.` });
  });
});
