import { describe, expect, it } from "@jest/globals";
import {
  codeOwnerOf,
  foreignOptimizers,
  ownerAmong,
  schedulers,
  serviceOwners,
} from "../../../../core/decide/switch/owner-lists.ts";

describe("others are known by their tags", () => {
  it.each([
    [serviceOwners, "parallelcluster:cluster-name", "ParallelCluster"],
    [serviceOwners, "drs.amazonaws.com-source-server", "Elastic Disaster Recovery"],
    [serviceOwners, "aws:servicecatalog:provisionedProductArn", "Service Catalog"],
    [foreignOptimizers, "launched-for-replacing-instance", "AutoSpotting"],
    [foreignOptimizers, "spotinst:aws:ec2:group:id", "Spot.io"],
    [foreignOptimizers, "xosphere.io/instance-orchestrator/enabled", "Xosphere"],
    [schedulers, "Schedule", "Instance Scheduler"],
    [schedulers, "InstanceScheduler-LastAction", "Instance Scheduler"],
  ])("%#: %s", (owners, key, name) => {
    expect(ownerAmong({ Name: "web", [key]: "x" }, owners)).toEqual({ name, tag: `${key}=x` });
  });

  it.each([
    { tags: { "aws:cloudformation:stack-id": "arn" }, name: "CloudFormation" },
    { tags: { "pulumi:stack": "prod" }, name: "Pulumi" },
    { tags: { terraform: "true" }, name: "Terraform" },
    { tags: { "Managed-By": " Terraform" }, name: " Terraform" },
    { tags: { created_by: "opentofu 1.9" }, name: "opentofu 1.9" },
    { tags: { Provisioner: "CDK" }, name: "CDK" },
  ])("infrastructure as code: $tags", ({ tags, name }) => {
    expect(codeOwnerOf({ Name: "web", ...tags })?.name).toBe(name);
  });

  it.each([
    { Name: "terraform-runner" },
    { ManagedBy: "SpotOptimizer" },
    { CreatedBy: "alice" },
    { "spot-optimizer:enrolled": "true" },
    { "aws:ec2launchtemplate:id": "lt-1" },
    { "aws:backup:source-resource": "arn" },
  ])("and %j owns nothing", (tags) => {
    for (const owners of [serviceOwners, foreignOptimizers, schedulers]) {
      expect(ownerAmong(tags, owners)).toBeUndefined();
    }
    expect(codeOwnerOf(tags)).toBeUndefined();
  });
});
