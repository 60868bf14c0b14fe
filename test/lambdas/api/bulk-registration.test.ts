import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { listAudit } from "../../../adapters/store/audit.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { RegisteredManyJson } from "../../../lambdas/api/schemas/bulk-registration.ts";
import {
  apiUnderTest,
  asgTag,
  labAccount,
  memberTags,
  webTarget,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";
import { createFailingTable } from "./failing-table.ts";

const id = (n: number): string => `i-${String(n).padStart(17, "0")}`;
const path = "/lab/instances/bulk";
const inRegion = { account_id: labAccount.account_id, region: "eu-central-1" };
const ids = (...numbers: readonly number[]) => ({ ...inRegion, instance_ids: numbers.map(id) });

const instance = (n: number, tags: Readonly<Record<string, string>>, state = "running") =>
  ({
    InstanceId: id(n),
    InstanceType: "m5.large",
    Placement: { AvailabilityZone: "eu-central-1a" },
    State: { Name: state },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  }) as Instance;

const group = { [asgTag]: "web-blue" };

/** EC2 has these and pages them by two; ids are asked for in one page. */
const show = (api: ApiUnderTest, instances: readonly Instance[]): void => {
  api.ec2.on(DescribeInstancesCommand).callsFake(({ Filters = [], NextToken = "0" }) => {
    const [{ Name, Values = [] } = {}] = Filters as { Name: string; Values?: string[] }[];
    const begin = Number(NextToken);
    const wanted =
      Name === "instance-id"
        ? instances.filter(({ InstanceId = "" }) => Values.includes(InstanceId))
        : instances.slice(begin, begin + 2);
    const isMore = Name !== "instance-id" && begin + 2 < instances.length;
    return {
      Reservations: [{ Instances: wanted }],
      ...(isMore ? { NextToken: String(begin + 2) } : {}),
    };
  });
};

const connect = async (api: ApiUnderTest): Promise<void> => {
  await api.send("POST", "/accounts", labAccount);
  await updateAccount(api.table, accountIdSchema.parse(labAccount.account_id), (account) => ({
    ...account,
    status: "ACTIVE",
  }));
};

const answerOf = (answer: Answer): RegisteredManyJson => {
  expect(answer.status).toBe(200);
  return answer.body;
};

const targetsOf = async (api: ApiUnderTest): Promise<readonly object[]> =>
  ((await api.send("GET", "/lab/instances")).body as { items: object[] }).items;

describe("a registration of many", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await connect(api);
    show(api, [
      instance(1, {}),
      instance(2, group),
      instance(3, group),
      instance(4, memberTags),
      instance(5, {}, "terminated"),
      instance(6, { "karpenter.sh/nodepool": "default" }),
    ]);
  });

  it("answers for each in the order of the ids, in one look at EC2", async () => {
    const answer = answerOf(await api.send("POST", path, ids(9, 6, 5, 4, 3, 2, 1)));
    expect(answer.items).toMatchObject([
      { instance_id: id(9), outcome: "REFUSED", detail: expect.stringContaining("no such") },
      { instance_id: id(6), outcome: "REFUSED", detail: expect.stringContaining("karpenter") },
      { instance_id: id(5), outcome: "REFUSED", detail: expect.stringContaining("terminated") },
      {
        outcome: "REGISTERED",
        pipeline_mode: "KUBERNETES",
        subject: "node group workers of cluster prod-eu",
      },
      { outcome: "REGISTERED", pipeline_mode: "CLUSTER", subject: "group web-blue" },
      { instance_id: id(2), outcome: "ALREADY_REGISTERED", subject: "group web-blue" },
      { outcome: "REGISTERED", pipeline_mode: "LINEAR", subject: id(1) },
    ]);
    expect(answer).toMatchObject({ registered: 3, already_registered: 1, refused: 3 });
    expect(answer.items[4]?.target_id).toBe(answer.items[5]?.target_id);
    expect(api.ec2.commandCalls(DescribeInstancesCommand)).toHaveLength(1);
  });

  it("is in shadow mode whatever is registered", async () => {
    await api.send("POST", path, ids(1, 2, 4));
    const targets = await targetsOf(api);
    expect(targets).toHaveLength(3);
    for (const target of targets) expect(target).toMatchObject({ is_shadow_mode: true });
  });

  it("registers nothing twice, and names the targets that there are", async () => {
    const first = answerOf(await api.send("POST", path, ids(1, 2, 4)));
    const again = answerOf(await api.send("POST", path, ids(1, 3, 4)));
    expect(again).toMatchObject({ registered: 0, already_registered: 3 });
    expect(again.items.map(({ target_id: target }) => target)).toEqual(
      first.items.map(({ target_id: target }) => target),
    );
    expect(await targetsOf(api)).toHaveLength(3);
  });

  it("refuses what is a part of another target, and registers the group by another member", async () => {
    const one = await api.send("POST", "/lab/instances", { ...webTarget, instance_id: id(2) });
    const { target_id: target } = one.body as { target_id: string };
    const answer = answerOf(await api.send("POST", path, ids(2, 3)));
    expect(answer.items).toMatchObject([
      { outcome: "REFUSED", detail: expect.stringContaining(`belongs to target ${target}`) },
      { outcome: "REGISTERED", subject: "group web-blue" },
    ]);
  });

  it("goes by the target that a switch's tag names: refuses what belongs to it, and registers what it has let go", async () => {
    const one = await api.send("POST", "/lab/instances", { ...webTarget, instance_id: id(1) });
    const { target_id: target } = one.body as { target_id: string };
    show(
      api,
      [1, 7].map((n) => instance(n, { "spot-optimizer:target": target })),
    );
    expect(answerOf(await api.send("POST", path, ids(1, 7))).items).toMatchObject([
      { outcome: "ALREADY_REGISTERED", target_id: target },
      { outcome: "REFUSED", detail: expect.stringContaining(`belongs to target ${target}`) },
    ]);
    await api.send("DELETE", `/lab/instances/${target}`);
    expect(answerOf(await api.send("POST", path, ids(7))).items).toMatchObject([
      { outcome: "REGISTERED", subject: id(7) },
    ]);
  });

  it("refuses a node group of which a node is registered by itself", async () => {
    await api.send("POST", "/lab/instances", {
      ...webTarget,
      instance_id: id(4),
      pipeline_mode: "KUBERNETES",
      cluster_membership: { cluster_name: "prod-eu", node_group: "workers" },
    });
    show(api, [instance(7, memberTags)]);
    // The node's own target is about the same node group, and is named.
    const answer = answerOf(await api.send("POST", path, ids(7)));
    expect(answer).toMatchObject({ registered: 0, already_registered: 1 });
  });

  it("goes by tags page by page, value for value", async () => {
    const tags = { team: "pay*ments" };
    show(api, [
      instance(1, tags),
      instance(2, { team: "pay-ments" }),
      instance(3, { ...group, ...tags }),
    ]);
    const body = { ...inRegion, tags };
    const first = answerOf(await api.send("POST", path, body));
    expect(first.items.map(({ instance_id: found }) => found)).toEqual([id(1)]);
    const { cursor } = first;
    const second = answerOf(await api.send("POST", path, { ...body, cursor }));
    expect(second.items).toMatchObject([{ instance_id: id(3), subject: "group web-blue" }]);
    expect(second).not.toHaveProperty("cursor");
    const [call] = api.ec2.commandCalls(DescribeInstancesCommand);
    expect(call?.args[0].input.Filters?.[0]).toEqual({
      Name: "tag:team",
      Values: ["pay?ments"],
    });
  });

  it("names the cursor that EC2 does not know", async () => {
    api.ec2
      .on(DescribeInstancesCommand)
      .rejects(Object.assign(new Error("The token is not valid"), { name: "InvalidNextToken" }));
    const body = { ...inRegion, tags: { team: "a" }, cursor: "x" };
    const answer = await api.send("POST", path, body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: "cursor" }] } });
  });

  it.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "that is cut off at write %i goes on under its key, with the targets that it had begun",
    async (write) => {
      const table = createFailingTable();
      const cutOff = apiUnderTest({ table });
      await connect(cutOff);
      show(cutOff, [instance(1, {}), instance(2, group), instance(4, memberTags)]);
      const key = { "idempotency-key": "many-1" };
      table.dieAtWrite(write);
      expect((await cutOff.send("POST", path, ids(1, 2, 4), key)).status).toBe(503);
      table.revive();
      const done = answerOf(await cutOff.send("POST", path, ids(1, 2, 4), key));
      expect(done).toMatchObject({ registered: 3, refused: 0 });
      expect(await targetsOf(cutOff)).toHaveLength(3);
    },
  );

  it("is one row of the audit trail, with what was registered", async () => {
    const { items } = answerOf(await api.send("POST", path, ids(1, 2, 3)));
    const { items: rows } = await listAudit(api.table, { limit: 9 });
    expect(rows.find(({ action }) => action === "CREATE_TARGETS")).toMatchObject({
      resource: "account 444455556666",
      detail: { targetIds: [items[0]?.target_id, items[1]?.target_id] },
    });
  });

  it.each([
    [{ ...inRegion }, "instance_ids"],
    [{ ...ids(1), tags: { a: "b" } }, "instance_ids"],
    [{ ...ids(1), cursor: "x" }, "cursor"],
    [ids(), "instance_ids"],
    [ids(1, 1), "instance_ids"],
    [ids(...Array.from({ length: 101 }, (_, n) => n)), "instance_ids"],
    [{ ...inRegion, tags: {} }, "tags"],
    [{ ...ids(1), region: "us-east-1" }, "region"],
    [{ ...ids(1), account_id: "000000000000" }, "account_id"],
    [{ ...ids(1), is_shadow_mode: false }, "is_shadow_mode"],
  ])("refuses %j naming the field", async (body, field) => {
    const answer = await api.send("POST", path, body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    expect(await targetsOf(api)).toEqual([]);
  });

  it("needs an account that is verified", async () => {
    const pending = apiUnderTest();
    await pending.send("POST", "/accounts", labAccount);
    expect((await pending.send("POST", path, ids(1))).status).toBe(409);
  });
});
