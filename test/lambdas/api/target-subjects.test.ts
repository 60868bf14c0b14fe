import { beforeEach, describe, expect, it } from "@jest/globals";
import { acquireLease } from "../../../adapters/store/leases.ts";
import { getTarget, updateTarget } from "../../../adapters/store/targets.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import { leasesOf, subjectOf } from "../../../core/model/subject.ts";
import {
  apiUnderTest,
  asgTag,
  labAccount,
  memberTags,
  showMembers,
  startOfTime,
  webTarget,
  withTarget,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";

const member = (n: number): string => `i-${String(n).padStart(17, "0")}`;
const group = { pipeline_mode: "CLUSTER", metadata: { asg_name: "web-blue" } };
const membership = { cluster_name: "prod-eu", node_group: "workers" };
const oneNode = { pipeline_mode: "KUBERNETES", cluster_membership: membership };
const allNodes = {
  pipeline_mode: "KUBERNETES",
  cluster_membership: { ...membership, nodes: "ALL" },
};

describe("a second target", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
  });

  const register = (n: number, body: object): Promise<Answer> =>
    api.send("POST", "/lab/instances", { ...webTarget, instance_id: member(n), ...body });
  const idOf = (answer: Answer): string => {
    expect(answer.status).toBe(201);
    return (answer.body as { target_id: string }).target_id;
  };
  const expectConflict = (answer: Answer, detail: string, field: string, first: string): void => {
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      detail: `${detail} is registered already, as ${first}.`,
      errors: [{ field, message: `is registered as ${first}` }],
    });
  };

  it("of the same group is refused whatever member names it, and the first is named", async () => {
    const first = idOf(await register(1, group));
    expectConflict(await register(2, group), "Group web-blue", "metadata.asg_name", first);
  });

  it("of a group of that name in another region is another group", async () => {
    await api.send("PATCH", `/accounts/${labAccount.account_id}`, {
      regions: ["eu-central-1", "us-east-1"],
    });
    await register(1, group);
    idOf(await register(2, { ...group, availability_zone: "us-east-1a" }));
  });

  it("of the same node is refused, and the first is named", async () => {
    const first = idOf(await register(1, oneNode));
    const second = await register(1, oneNode);
    const name = "Node group workers of cluster prod-eu";
    expectConflict(second, name, "cluster_membership", first);
  });

  it("of another node of the group is taken", async () => {
    await register(1, oneNode);
    idOf(await register(2, oneNode));
  });

  it.each([
    { what: "the whole node group again", one: allNodes, other: allNodes },
    { what: "a node of a whole node group", one: allNodes, other: oneNode },
    { what: "the whole node group of a node", one: oneNode, other: allNodes },
  ])("of $what is refused, and the first is named", async ({ one, other }) => {
    const first = idOf(await register(1, one));
    const name = "Node group workers of cluster prod-eu";
    expectConflict(await register(2, other), name, "cluster_membership", first);
  });

  it.each([
    { what: "a group", change: group, name: "Group web-blue", field: "metadata.asg_name" },
    {
      what: "a whole node group",
      change: allNodes,
      name: "Node group workers of cluster prod-eu",
      field: "cluster_membership",
    },
  ])(
    "can't become one of $what that is registered: the first is named",
    async ({ change, name, field }) => {
      const first = idOf(await register(1, change));
      const second = idOf(await register(2, {}));
      expectConflict(
        await api.send("PATCH", `/lab/instances/${second}`, change),
        name,
        field,
        first,
      );
      const kept = await api.send("GET", `/lab/instances/${second}`);
      expect(kept.body).toMatchObject({ pipeline_mode: "LINEAR" });
    },
  );
});

describe("the mode of a target", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
  });

  const holdLeases = async (id: string): Promise<void> => {
    const target = await getTarget(api.table, targetIdSchema.parse(id));
    if (target === undefined) throw new Error("The target was not registered.");
    for (const resource of leasesOf(subjectOf(target))) {
      const now = api.context.now();
      await acquireLease(api.table, { resource, owner: "evl-running000", now, seconds: 60 });
    }
  };

  it.each([
    { from: {}, to: group },
    { from: group, to: { pipeline_mode: "LINEAR" } },
    {
      from: group,
      to: { metadata: { asg_name: "web-green" } },
      tags: { ...memberTags, [asgTag]: "web-green" },
    },
    { from: allNodes, to: group },
  ])("is not changed from $from to $to while an evaluation is open", async ({ from, to, tags }) => {
    const id = await withTarget(api, from);
    await showMembers(api, tags);
    await holdLeases(id);
    const before = await api.send("GET", `/lab/instances/${id}`);
    const refused = await api.send("PATCH", `/lab/instances/${id}`, to);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      type: "urn:spot-optimizer:problem:evaluation-running",
      evaluation_id: "evl-running000",
    });
    expect((await api.send("GET", `/lab/instances/${id}`)).body).toEqual(before.body);
    api.pass(61);
    expect((await api.send("PATCH", `/lab/instances/${id}`, to)).status).toBe(200);
  });

  it("leaves the rest to be changed meanwhile", async () => {
    const id = await withTarget(api, group);
    await holdLeases(id);
    const answer = await api.send("PATCH", `/lab/instances/${id}`, { is_shadow_mode: false });
    expect(answer.body).toMatchObject({ is_shadow_mode: false });
  });
});

it("an attempt that failed is shown with its cause", async () => {
  const api = apiUnderTest();
  await api.send("POST", "/accounts", labAccount);
  const id = await withTarget(api);
  const at = startOfTime.toISOString();
  await updateTarget(api.table, targetIdSchema.parse(id), (target) => ({
    ...target,
    failedAttempt: {
      evaluationId: evaluationIdSchema.parse("evl-0123456789"),
      at,
      cause: { error: "BrokenQuota", resource: "L-34B43A08", fact: "32 vCPU" },
      hadDowntime: false,
      retryAt: at,
    },
  }));
  expect((await api.send("GET", `/lab/instances/${id}`)).body).toMatchObject({
    failed_attempt: {
      evaluation_id: "evl-0123456789",
      at,
      cause: { error: "BrokenQuota", resource: "L-34B43A08", fact: "32 vCPU" },
      had_downtime: false,
      retry_at: at,
    },
  });
});
