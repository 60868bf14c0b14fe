import { describe, expect, it } from "@jest/globals";
import { ourGroup } from "../../../../adapters/kubernetes/rights.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import type { LabAccount } from "../../../../local/lab/account.ts";
import { giveAccess } from "../../../../local/lab/node-subject.ts";
import {
  addCluster,
  type ClusterDescription,
} from "../../../../local/platform/customer-cluster.ts";
import { addGroup, type GroupDescription } from "../../../../local/platform/customer-group.ts";
import { openFleet, region, runPreflight } from "./preflight-lab.ts";

type Found = Awaited<ReturnType<typeof runPreflight>>;

const rowOf = ({ items }: Found, name: string): Found["items"][number] => {
  const row = items.find((each) => each.name === name);
  if (row === undefined) throw new Error(`There is no ${name}.`);
  return row;
};

const countOf = ({ calls }: Found, operation: string): number =>
  calls.filter((call) => call.operation === operation).length;

const withGroup = async (
  name: string,
  description: Partial<GroupDescription> = {},
): Promise<LabAccount> => {
  const account = await openFleet();
  const { platform, accountId } = account;
  addGroup({ platform, accountId, region }, { name, size: 3, min: 1, max: 6, ...description });
  return account;
};

const launchHook = {
  LifecycleHookName: "warm",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  HeartbeatTimeout: 60,
};

describe("a preflight's look at a group", () => {
  it("leaves nothing open, and changes nothing", async () => {
    const found = await runPreflight(await withGroup("web"));
    expect(rowOf(found, "group web")).toMatchObject({ outcome: "WILL", unchecked: [] });
    expect(found.calls.filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
    expect(countOf(found, "RunInstances")).toBe(1);
  });

  it("finds what only the group's own calls tell, and tries no launch then", async () => {
    const account = await withGroup("web", { hooks: [launchHook] });
    const found = await runPreflight(account);
    expect(rowOf(found, "group web")).toMatchObject({ outcome: "WONT", reason: "LAUNCH_HOOK" });
    expect(countOf(found, "RunInstances")).toBe(0);
  });

  it("finds members that are not healthy in their target group", async () => {
    const account = await withGroup("web");
    const { platform, accountId, clock } = account;
    const group = platform.autoScaling.control.find({ accountId, region, name: "web" });
    platform.elb.setApplicationHealthy(group?.members[0]?.instanceId ?? "", false);
    await clock.run({ atMostMs: clock.now() + 5 * 60_000 });
    const found = await runPreflight(account);
    expect(rowOf(found, "group web")).toMatchObject({
      outcome: "WONT",
      reason: "TARGETS_NOT_HEALTHY",
    });
  });

  it("asks for target health and hooks of those alone that would switch by the lists", async () => {
    const account = await withGroup("web");
    const { platform, accountId } = account;
    const stays = {
      name: "full",
      size: 3,
      min: 3,
      max: 3,
      tags: { "spot-optimizer:enabled": "false" },
    };
    addGroup({ platform, accountId, region }, stays);
    const found = await runPreflight(account);
    expect(rowOf(found, "group full").outcome).toBe("WONT");
    expect(countOf(found, "DescribeTargetHealth")).toBe(1);
    expect(countOf(found, "DescribeLifecycleHooks")).toBe(1);
  });

  it("asks once for what several have in common", async () => {
    const account = await withGroup("web");
    const { platform, accountId } = account;
    addGroup({ platform, accountId, region }, { name: "api", size: 2, min: 1, max: 4 });
    const found = await runPreflight(account);
    expect(rowOf(found, "group api")).toMatchObject({ outcome: "WILL", unchecked: [] });
    // One of the lists, one of the looks.
    expect(countOf(found, "DescribeAccountSettings")).toBe(2);
    expect(countOf(found, "DescribeAvailabilityZones")).toBe(1);
  });

  it("names the permission that its role lacks, and leaves the rest open", async () => {
    const account = await withGroup("web");
    account.platform.cloud.faults.before((call) => {
      if (call.operation !== "DescribeLifecycleHooks") return;
      throw new CloudError("AccessDenied", "You are not authorized.", 403);
    });
    const found = await runPreflight(account);
    expect(rowOf(found, "group web")).toMatchObject({
      outcome: "WOULD",
      missing: [{ kind: "PERMISSION", name: "DescribeLifecycleHooks" }],
    });
    expect(found.shown.places).toMatchObject([{ looked_at: 0, to_look_at: 1 }]);
  });
});

const managedTags = { "eks:cluster-name": "shop", "eks:nodegroup-name": "workers" };

const withCluster = async (
  description: ClusterDescription & { readonly hasAccess?: boolean } = {},
) => {
  const account = await openFleet();
  const { platform, accountId, clock } = account;
  const { hasAccess = true, ...cluster } = description;
  const made = addCluster({ platform, accountId, region }, "shop", {
    isManaged: true,
    nodes: { tags: managedTags, size: 4, zones: 2 },
    ...cluster,
  });
  if (hasAccess) await giveAccess(account, made);
  await clock.run({ atMostMs: clock.now() + 3 * 60_000 });
  return { account, made };
};

const workers = "node group workers of cluster shop";

describe("a preflight's look at a node group", () => {
  it("names the Spot node group of its cluster that the policy would have to name, and leaves nothing open", async () => {
    const { account } = await withCluster();
    const found = await runPreflight(account);
    expect(rowOf(found, workers)).toMatchObject({
      outcome: "WILL_ONCE",
      missing: [{ kind: "CONSENT", name: "spot_node_group=spot" }],
      unchecked: [],
    });
    expect(found.calls.filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
  });

  it("says that the cluster does not let us in, with what its owner does about it", async () => {
    const { account } = await withCluster({ hasAccess: false });
    const row = rowOf(await runPreflight(account), workers);
    expect(row).toMatchObject({ outcome: "WOULD", missing: [{ kind: "ACCESS" }] });
    expect(row.missing[0]?.name).toMatch(/^access entry of arn:aws:iam::.* in shop$/);
    expect(row.missing[0]?.sentence).toContain("aws eks create-access-entry");
  });

  it("says which rights the cluster does not give us", async () => {
    const { account, made } = await withCluster();
    made.kubernetes.control.remove("clusterrolebindings", { name: ourGroup });
    const row = rowOf(await runPreflight(account), workers);
    expect(row).toMatchObject({
      outcome: "WOULD",
      missing: [{ kind: "CONSENT" }, { kind: "ACCESS", reason: "CLUSTER_RIGHT_MISSING" }],
    });
  });

  it("finds what stands against its pods", async () => {
    const { account } = await withCluster({
      workloads: [{ kind: "Deployment", name: "one", replicas: 4, budget: { maxUnavailable: 0 } }],
    });
    const row = rowOf(await runPreflight(account), workers);
    expect(row).toMatchObject({ outcome: "WONT", reason: "BUDGET_NEVER_ALLOWS", missing: [] });
  });

  it("asks neither EKS nor the cluster about nodes that are refused by the lists", async () => {
    const tags = { ...managedTags, ManagedBy: "terraform" };
    const { account } = await withCluster({ nodes: { tags, size: 4, min: 4, zones: 2 } });
    const found = await runPreflight(account);
    expect(rowOf(found, workers).outcome).toBe("WONT");
    expect(countOf(found, "DescribeNodegroup")).toBe(0);
    expect(countOf(found, "DescribeCluster")).toBe(0);
  });
});
