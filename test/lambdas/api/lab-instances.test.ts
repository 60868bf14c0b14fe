import { beforeEach, describe, expect, it } from "@jest/globals";
import { acquireLease, readLease } from "../../../adapters/store/leases.ts";
import {
  apiUnderTest,
  labAccount,
  showMembers,
  webTarget,
  withTarget,
  type ApiUnderTest,
} from "./api-under-test.ts";

const lease = `instance#${webTarget.account_id}#${webTarget.instance_id}`;

describe("targets", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  it("are registered in shadow mode unless the body says otherwise", async () => {
    const created = await api.send("POST", "/lab/instances", webTarget);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      ...webTarget,
      target_id: expect.stringMatching(/^tgt-/),
      region: "eu-central-1",
      is_shadow_mode: true,
      policy_overrides: {},
      created_at: "2026-03-01T12:00:00.000Z",
      updated_at: "2026-03-01T12:00:00.000Z",
    });
  });

  it("keep their overrides in snake_case both ways", async () => {
    const overrides = { min_savings_percent: 30, accept_change_of: ["public-ip"], max_risk: 0.1 };
    const id = await withTarget(api, { policy_overrides: overrides, is_shadow_mode: false });
    const shown = await api.send("GET", `/lab/instances/${id}`);
    expect(shown.body).toMatchObject({ policy_overrides: overrides, is_shadow_mode: false });
  });

  it("keep windows of either form as they were written, and the fields of a PATCH are named", async () => {
    const sunday = { cron: "0 2 ? * SUN *", duration: "2h", timezone: "Europe/Berlin" };
    const windows = ["Sun 02:00-04:00 Europe/Berlin", sunday];
    const id = await withTarget(api, { policy_overrides: { maintenance_windows: windows } });
    const path = `/lab/instances/${id}`;
    const change = (cron: string) => ({
      policy_overrides: { maintenance_windows: [...windows, { ...sunday, cron }] },
    });
    const changed = await api.send("PATCH", path, change("0 3 ? * MON#1 *"));
    expect(changed.body).toMatchObject(change("0 3 ? * MON#1 *"));
    const refused = await api.send("PATCH", path, change("0 3 ? * MON#9 *"));
    expect([refused.status, refused.body]).toEqual([
      422,
      expect.objectContaining({
        errors: [
          {
            field: "policy_overrides.maintenance_windows.2.cron",
            message: expect.stringContaining("day-of-week"),
          },
        ],
      }),
    ]);
    expect((await api.send("GET", path)).body).toMatchObject(change("0 3 ? * MON#1 *"));
  });

  it.each([
    [{ account_id: "000000000000" }, "account_id"],
    [{ availability_zone: "us-east-1a" }, "availability_zone"],
    [{ availability_zone: "euc1-az1" }, "availability_zone"],
    [{ availability_zone: "cn-north-1a" }, "availability_zone"],
    [{ availability_zone: "us-gov-west-1a" }, "availability_zone"],
    [{ instance_id: "i-12" }, "instance_id"],
    [{ instance_type: "large" }, "instance_type"],
    [{ pipeline_mode: "FLEET" }, "pipeline_mode"],
    [{ pipeline_mode: "CLUSTER" }, "metadata.asg_name"],
    [{ pipeline_mode: "CLUSTER", metadata: {} }, "metadata.asg_name"],
    [{ pipeline_mode: "KUBERNETES" }, "cluster_membership"],
    [{ cluster_membership: { cluster_name: "c" } }, "cluster_membership.node_group"],
    [{ policy_overrides: { max_risk: 2 } }, "policy_overrides.max_risk"],
    [{ policy_overrides: { maxRisk: 0.2 } }, "policy_overrides.maxRisk"],
    [{ model_version: "best" }, "model_version"],
    [{ target_id: "tgt-0123456789" }, "target_id"],
    [{ is_shadow_mode: "no" }, "is_shadow_mode"],
  ])("refuse %j naming the field", async (change, field) => {
    const answer = await api.send("POST", "/lab/instances", { ...webTarget, ...change });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("are registered once per instance", async () => {
    const id = await withTarget(api);
    const again = await api.send("POST", "/lab/instances", webTarget);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ detail: expect.stringContaining(id) });
  });

  it("are found by target id and by instance id", async () => {
    const id = await withTarget(api);
    const byTarget = await api.send("GET", `/lab/instances/${id}`);
    const byInstance = await api.send("GET", `/lab/instances/${webTarget.instance_id}`);
    expect(byTarget.status).toBe(200);
    expect(byInstance.body).toEqual(byTarget.body);
  });

  it.each(["tgt-0000000000", "i-00000000000000000"])("answer 404 to unknown %s", async (id) => {
    const answer = await api.send("GET", `/lab/instances/${id}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ errors: [{ field: "id" }] });
  });

  it("answer 400 to an id of neither kind", async () => {
    const answer = await api.send("GET", "/lab/instances/web-1");
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: "id" }] });
  });

  it("are listed, all or of one account", async () => {
    await withTarget(api);
    const all = await api.send("GET", "/lab/instances");
    const none = await api.send("GET", "/lab/instances?account_id=000000000000");
    expect((all.body as { items: unknown[] }).items).toHaveLength(1);
    expect((none.body as { items: unknown[] }).items).toHaveLength(0);
  });

  it("take the patches of the specification", async () => {
    const id = await withTarget(api);
    await showMembers(api);
    const cluster = await api.send("PATCH", `/lab/instances/${id}`, {
      pipeline_mode: "CLUSTER",
      metadata: { asg_name: "web-blue" },
    });
    expect(cluster.body).toMatchObject({
      pipeline_mode: "CLUSTER",
      metadata: { asg_name: "web-blue" },
    });
    const node = await api.send("PATCH", `/lab/instances/${id}`, {
      pipeline_mode: "KUBERNETES",
      cluster_membership: { cluster_name: "prod-eu", node_group: "workers" },
    });
    expect(node.body).toMatchObject({
      pipeline_mode: "KUBERNETES",
      cluster_membership: { cluster_name: "prod-eu", node_group: "workers" },
    });
  });

  it("refuse a patch that leaves the mode without what it needs", async () => {
    const id = await withTarget(api);
    const answer = await api.send("PATCH", `/lab/instances/${id}`, { pipeline_mode: "CLUSTER" });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field: "metadata.asg_name" }] });
    expect((await api.send("GET", `/lab/instances/${id}`)).body).toMatchObject({
      pipeline_mode: "LINEAR",
    });
  });

  it("keep the other overrides when one is changed, and drop the one set to null", async () => {
    const id = await withTarget(api, { policy_overrides: { max_risk: 0.1, dwell_hours: 48 } });
    const changed = await api.send("PATCH", `/lab/instances/${id}`, {
      policy_overrides: { max_risk: null, min_savings_percent: 40 },
    });
    expect(changed.body).toMatchObject({
      policy_overrides: { dwell_hours: 48, min_savings_percent: 40 },
    });
    expect((changed.body as { policy_overrides: object }).policy_overrides).not.toHaveProperty(
      "max_risk",
    );
  });

  it.each(["account_id", "instance_id", "availability_zone"])(
    "can't be moved to another %s",
    async (field) => {
      const id = await withTarget(api);
      const answer = await api.send("PATCH", `/lab/instances/${id}`, { [field]: "x" });
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ errors: [{ field }] });
    },
  );

  it("are not deleted while an evaluation holds the lease, which the answer names", async () => {
    const id = await withTarget(api);
    await acquireLease(api.table, {
      resource: lease,
      owner: "evl-running000",
      now: api.context.now(),
      seconds: 60,
    });
    const refused = await api.send("DELETE", `/lab/instances/${id}`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ evaluation_id: "evl-running000" });
    expect((await api.send("GET", `/lab/instances/${id}`)).status).toBe(200);
  });

  it("are deleted when the lease has expired, and the lease is let go", async () => {
    const id = await withTarget(api);
    await acquireLease(api.table, {
      resource: lease,
      owner: "evl-dead000000",
      now: api.context.now(),
      seconds: 60,
    });
    api.pass(61);
    expect((await api.send("DELETE", `/lab/instances/${id}`)).status).toBe(204);
    expect((await api.send("GET", `/lab/instances/${id}`)).status).toBe(404);
    expect(await readLease(api.table, lease)).toMatchObject({ isReleased: true });
  });
});
