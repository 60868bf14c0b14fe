import { beforeAll, describe, expect, it } from "@jest/globals";
import { targetPageSchema } from "../../../../lambdas/api/schemas/targets.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import type { LabAccount } from "../../../../local/lab/account.ts";
import { addWorkload, register, requireInstance } from "../../../../local/lab/subject.ts";
import { addCluster } from "../../../../local/platform/customer-cluster.ts";
import { addGroup } from "../../../../local/platform/customer-group.ts";
import { openFleet, region, runPreflight } from "./preflight-lab.ts";

describe("a preflight of a region", () => {
  let account: LabAccount;
  let found: Awaited<ReturnType<typeof runPreflight>>;
  const names = { plain: "", code: "", bare: "" };

  beforeAll(async () => {
    account = await openFleet();
    const { platform, accountId } = account;
    names.plain = addWorkload(account, { instanceType: "m5.large" }).instanceId;
    names.code = addWorkload(account, {
      instanceType: "m5.large",
      tags: { ManagedBy: "terraform" },
    }).instanceId;
    names.bare = addWorkload(account, { instanceType: "m5.large", sharedTags: {} }).instanceId;
    addGroup({ platform, accountId, region }, { name: "web", size: 3, min: 1, max: 6 });
    addCluster({ platform, accountId, region }, "shop", {
      isManaged: true,
      nodes: { tags: { "eks:cluster-name": "shop", "eks:nodegroup-name": "workers" } },
    });
    found = await runPreflight(account);
  });

  const missingOf = (name: string) =>
    found.items.find((row) => row.name === name)?.missing.map(({ name: what }) => what);

  it("changes nothing in the account, and registers nothing", async () => {
    expect(found.calls.filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
    expect((await account.api.get("/lab/instances", targetPageSchema)).items).toEqual([]);
  });

  it("takes a dozen calls for the lists, what looks share, and three for each that it looks at", () => {
    const [place] = found.shown.places;
    expect(place).toMatchObject({
      status: "DONE",
      subjects: found.items.length,
      // Three instances, the group, the node group.
      looked_at: 4,
      to_look_at: 5,
    });
    const ofLooks = found.calls.filter(
      ({ operation }) => operation === "DescribeInstanceAttribute" || operation === "RunInstances",
    );
    // And one for the group.
    expect(ofLooks).toHaveLength(10);
    expect(found.calls.length - ofLooks.length).toBeLessThanOrEqual(60);
  });

  it("tries launches by dry runs, no faster than a quarter of EC2's bucket", () => {
    const launches = found.calls.filter(({ operation }) => operation === "RunInstances");
    expect(launches.every(({ dryRun }) => dryRun)).toBe(true);
    const [first, second, third] = launches.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2000);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(2000);
  });

  it("names instances, groups and node groups, each once, and no member by itself", () => {
    expect(found.items.map(({ name, mode }) => `${mode} ${name}`).sort()).toEqual([
      "CLUSTER group web",
      "KUBERNETES node group spot of cluster shop",
      "KUBERNETES node group workers of cluster shop",
      `LINEAR ${[names.plain, names.code, names.bare].sort()[0] ?? ""}`,
      `LINEAR ${[names.plain, names.code, names.bare].sort()[1] ?? ""}`,
      `LINEAR ${[names.plain, names.code, names.bare].sort()[2] ?? ""}`,
    ]);
  });

  it("tells all consents and tags that are missing at once, and what giving them is worth", () => {
    const address = "accept_change_of=primary-private-ip";
    expect(missingOf(names.plain)).toEqual([address]);
    expect(missingOf(names.code)).toEqual(["accept_iac_drift=true", address]);
    expect(missingOf(names.bare)?.toSorted()).toEqual([address, "spot-optimizer:enrolled=true"]);
    const { missing } = found.shown.totals;
    expect(missing[0]).toMatchObject({ kind: "CONSENT", name: address, subjects: 3 });
    expect(missing[0]?.monthly_usd).toBeGreaterThan(150);
  });

  it("tells of a group what its members save together, and what later becomes of it", () => {
    const web = found.items.find(({ name }) => name === "group web");
    expect(web).toMatchObject({ instances: 3, downtime_seconds: 0 });
    // Two of them in the cheapest pool, one in the next.
    expect(web?.monthly_usd).toBeCloseTo(155.34, 1);
    expect(web?.later[0]).toMatch(/^what the group launches by itself/);
  });

  it("leaves nothing open of an instance and of a group, and says of nodes what was not looked at", () => {
    const plain = found.items.find(({ name }) => name === names.plain);
    expect(plain).toMatchObject({ outcome: "WILL_ONCE", downtime_seconds: 360, unchecked: [] });
    const web = found.items.find(({ name }) => name === "group web");
    expect(web).toMatchObject({ outcome: "WILL", unchecked: [] });
    const workers = found.items.find(({ name }) => name.startsWith("node group workers"));
    expect(workers).toMatchObject({ outcome: "WOULD", missing: [{ kind: "ACCESS" }] });
    expect(workers?.unchecked).toContain("BUDGET_NEVER_ALLOWS");
  });

  it("finds what only a look at the instance tells", async () => {
    const looked = await openFleet();
    addWorkload(looked, { instanceType: "m5.large", disableApiTermination: true });
    const { items } = await runPreflight(looked);
    expect(items).toMatchObject([{ outcome: "WONT", reason: "TERMINATION_PROTECTED" }]);
  });

  it("leaves as it was what could not be looked at", async () => {
    const denied = await openFleet();
    addWorkload(denied, { instanceType: "m5.large" });
    denied.platform.cloud.faults.before((call) => {
      if (call.operation !== "DescribeInstanceAttribute") return;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    const { items, shown } = await runPreflight(denied);
    expect(items).toMatchObject([{ outcome: "WOULD" }]);
    expect(shown.places).toMatchObject([{ status: "DONE", looked_at: 0, to_look_at: 1 }]);
  });

  it("finds a registered target as such, with its own policy", async () => {
    const second = await openFleet();
    const { instanceId } = addWorkload(second, { instanceType: "m5.large" });
    await register(second, requireInstance(second, instanceId), {
      policyOverrides: { accept_change_of: ["primary-private-ip"] },
    });
    const { items } = await runPreflight(second);
    expect(items).toMatchObject([{ name: instanceId, missing: [] }]);
    expect(items[0]?.target_id).toMatch(/^tgt-/);
  });

  it.each([["DescribeSubnets"], ["AssumeRole"]])(
    "says why where %s is refused, and judges nothing there",
    async (operation) => {
      const refused = await openFleet();
      addWorkload(refused, { instanceType: "m5.large" });
      refused.platform.cloud.faults.before((call) => {
        if (call.operation !== operation) return;
        throw new CloudError(
          operation === "AssumeRole" ? "AccessDenied" : "UnauthorizedOperation",
          "You are not authorized.",
          403,
        );
      });
      const { shown, items } = await runPreflight(refused);
      expect(items).toEqual([]);
      expect(shown).toMatchObject({
        status: "DONE",
        places: [{ status: "FAILED", failure: { error: "BrokenPermission" } }],
      });
    },
  );

  it("judges instances where Auto Scaling can't be read", async () => {
    const half = await openFleet();
    addWorkload(half, { instanceType: "m5.large" });
    half.platform.cloud.faults.before((call) => {
      if (call.operation !== "DescribeAutoScalingGroups") return;
      throw new CloudError("AccessDenied", "You are not authorized.", 403);
    });
    const { items } = await runPreflight(half);
    expect(items).toMatchObject([{ mode: "LINEAR", outcome: "WILL_ONCE" }]);
  });
});
