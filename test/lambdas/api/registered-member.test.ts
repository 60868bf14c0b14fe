import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { createTarget, updateTarget } from "../../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { accountIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import { createTargetSchema } from "../../../lambdas/api/schemas/targets.ts";
import { targetFrom } from "../../../lambdas/api/target-body.ts";
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
import { createFailingTable } from "./failing-table.ts";

const id = webTarget.instance_id;
const membership = { cluster_name: "prod-eu", node_group: "workers" };
const group = { pipeline_mode: "CLUSTER", metadata: { asg_name: "web-blue" } };
const node = { pipeline_mode: "KUBERNETES", cluster_membership: membership };
const ownNode = { ...node, metadata: { asg_name: "web-blue" } };
const allNodes = { ...node, cluster_membership: { ...membership, nodes: "ALL" } };
const { [asgTag]: asgName, ...eksTags } = memberTags;
const noEks = "it is not in a managed node group; of one that you manage yourself give";

const ways = ["POST", "PATCH"] as const;
type Way = (typeof ways)[number];
const byEachWay = <Case>(cases: readonly Case[]): readonly (readonly [Way, Case])[] =>
  ways.flatMap((way) => cases.map((each) => [way, each] as const));

/** As it stands in the table, so that nothing was looked at yet. */
const linearTarget = async ({ table }: ApiUnderTest): Promise<string> => {
  const at = startOfTime.toISOString();
  const target = targetFrom(
    createTargetSchema.parse(webTarget),
    targetIdSchema.parse("tgt-0123456789"),
    at,
  );
  expect(await createTarget(table, target)).toEqual({ kind: "WRITTEN" });
  return target.targetId;
};

/** By registration, or by a change of a target of LINEAR. */
const become = async (api: ApiUnderTest, way: Way, body: object): Promise<Answer> => {
  if (way === "POST") return api.send("POST", "/lab/instances", { ...webTarget, ...body });
  return api.send("PATCH", `/lab/instances/${await linearTarget(api)}`, body);
};

const readings = (api: ApiUnderTest): number =>
  api.ec2.commandCalls(DescribeInstancesCommand).length;

const modeOf = async (api: ApiUnderTest): Promise<unknown> => {
  const { items } = (await api.send("GET", "/lab/instances")).body as {
    items: { pipeline_mode: string }[];
  };
  return items[0]?.pipeline_mode;
};

/** Nothing is registered, or the target is what it was. */
const expectUnchanged = async (api: ApiUnderTest, way: Way): Promise<void> => {
  expect(await modeOf(api)).toBe(way === "POST" ? undefined : "LINEAR");
};

describe("the member by which a target is registered", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
  });

  it.each(
    byEachWay([
      { body: group, tags: { [asgTag]: "web-blue" } },
      { body: node, tags: eksTags },
      { body: allNodes, tags: memberTags },
      { body: ownNode, tags: { [asgTag]: "web-blue" } },
      { body: ownNode, tags: memberTags },
      { body: { ...group, is_shadow_mode: false }, tags: memberTags },
    ]),
  )("%s is read once, and taken when its tags say so: %j", async (way, { body, tags }) => {
    await showMembers(api, tags);
    expect((await become(api, way, body)).status).toBe(way === "POST" ? 201 : 200);
    const calls = api.ec2.commandCalls(DescribeInstancesCommand);
    expect(calls.map((call) => call.args[0].input)).toMatchObject([
      { Filters: [{ Name: "instance-id", Values: [id] }] },
    ]);
    expect(await modeOf(api)).toBe(body.pipeline_mode);
  });

  const absent = (tag: string, name: string, meaning: string): string =>
    `asked was ${name}, but ${id} has no tag ${tag}: ${meaning}`;
  const other = (tag: string, name: string, value: string): string =>
    `asked was ${name}, but ${id} has the tag ${tag}=${value}`;
  const cluster = "cluster_membership.cluster_name";
  const nodeGroup = "cluster_membership.node_group";
  const ownToo = `${noEks} metadata.asg_name too`;

  it.each(
    byEachWay([
      {
        body: group,
        tags: { ...memberTags, [asgTag]: "web-green" },
        faults: [["metadata.asg_name", other(asgTag, "web-blue", "web-green")]],
      },
      {
        body: group,
        tags: { "asg:name": asgName },
        faults: [
          ["metadata.asg_name", absent(asgTag, "web-blue", "it is not in an Auto Scaling group")],
        ],
      },
      {
        body: ownNode,
        tags: { [asgTag]: "web-green" },
        faults: [["metadata.asg_name", other(asgTag, "web-blue", "web-green")]],
      },
      {
        body: ownNode,
        tags: { ...memberTags, "eks:nodegroup-name": "batch" },
        faults: [[nodeGroup, other("eks:nodegroup-name", "workers", "batch")]],
      },
      {
        body: node,
        tags: { ...memberTags, "eks:nodegroup-name": "batch" },
        faults: [[nodeGroup, other("eks:nodegroup-name", "workers", "batch")]],
      },
      {
        body: allNodes,
        tags: { ...memberTags, "eks:cluster-name": "Prod-EU" },
        faults: [[cluster, other("eks:cluster-name", "prod-eu", "Prod-EU")]],
      },
      {
        body: node,
        tags: { [asgTag]: "web-blue" },
        faults: [
          [cluster, absent("eks:cluster-name", "prod-eu", ownToo)],
          [nodeGroup, absent("eks:nodegroup-name", "workers", ownToo)],
        ],
      },
    ]),
  )(
    "%s is refused when its tags say another group, and each field is named: %j",
    async (way, { body, tags, faults }) => {
      await showMembers(api, tags);
      const answer = await become(api, way, body);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        type: "urn:spot-optimizer:problem:invalid-body",
        errors: faults.map(([field, message]) => ({ field, message })),
      });
      await expectUnchanged(api, way);
    },
  );

  it.each(byEachWay([group, node, allNodes]))(
    "%s is refused when EC2 does not show it: %j",
    async (way, body) => {
      api.ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
      const answer = await become(api, way, body);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        detail: expect.stringContaining("A new instance may need some seconds"),
        errors: [{ field: "instance_id" }],
      });
      await expectUnchanged(api, way);
    },
  );

  it.each(byEachWay(["shutting-down", "terminated"] as const))(
    "%s is refused when it is %s, whatever its tags say",
    async (way, state) => {
      await showMembers(api, memberTags, state);
      const answer = await become(api, way, group);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        detail: expect.stringContaining(`${id} is ${state}`),
        errors: [{ field: "instance_id" }],
      });
      await expectUnchanged(api, way);
    },
  );

  it.each(
    byEachWay([
      ["UnauthorizedOperation", 502],
      ["RequestLimitExceeded", 503],
      ["InternalError", 503],
    ] as const),
  )("%s is not taken when EC2 answers %j", async (way, [code, status]) => {
    api.ec2.on(DescribeInstancesCommand).rejects(Object.assign(new Error(code), { name: code }));
    const answer = await become(api, way, node);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining(code) });
    await expectUnchanged(api, way);
  });

  it("is not read when other fields of a target change", async () => {
    await linearTarget(api);
    const { target_id: target } = (
      await become(api, "POST", { ...group, instance_id: "i-0123456789abcdef0" })
    ).body as { target_id: string };
    expect(readings(api)).toBe(1);
    await showMembers(api, {});
    for (const change of [{ is_shadow_mode: false }, group]) {
      expect((await api.send("PATCH", `/lab/instances/${target}`, change)).status).toBe(200);
    }
    expect(readings(api)).toBe(1);
  });

  it("is read again when the group of a target changes", async () => {
    const target = await withTarget(api, group);
    const change = { metadata: { asg_name: "web-green" } };
    const refused = await api.send("PATCH", `/lab/instances/${target}`, change);
    expect(refused.body).toMatchObject({ errors: [{ field: "metadata.asg_name" }] });
    await showMembers(api, { [asgTag]: "web-green" });
    expect((await api.send("PATCH", `/lab/instances/${target}`, change)).status).toBe(200);
  });
});

describe("an account whose members can't be looked at", () => {
  const next = { PENDING: "verify it first", DISABLED: "set it to PENDING and verify it first" };

  it.each(
    byEachWay([
      { status: "PENDING", body: group },
      { status: "PENDING", body: node },
      { status: "DISABLED", body: group },
      { status: "DISABLED", body: allNodes },
    ] as const),
  )("refuses %s and says what to do: %j", async (way, { status, body }) => {
    const api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
    await api.send("PATCH", `/accounts/${labAccount.account_id}`, { status });
    const answer = await become(api, way, body);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      detail: expect.stringMatching(`is ${status}.*: ${next[status]}`),
    });
    expect(readings(api)).toBe(0);
    await expectUnchanged(api, way);
  });

  it("takes an instance for LINEAR, as before", async () => {
    const api = apiUnderTest();
    await withTarget(api);
    expect(await modeOf(api)).toBe("LINEAR");
  });

  it("refuses when its role can't be assumed", async () => {
    const customer = () =>
      Promise.reject(new SpotOptimizerError("BrokenPermission", "AssumeRole: AccessDenied."));
    const api = apiUnderTest({ customer });
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
    expect((await become(api, "POST", group)).status).toBe(502);
    await expectUnchanged(api, "POST");
  });
});

describe("what was checked", () => {
  it("is not asked again by a request that goes on where it was cut off", async () => {
    const table = createFailingTable();
    const api = apiUnderTest({ table });
    await api.send("POST", "/accounts", labAccount);
    await showMembers(api);
    const key = { "idempotency-key": "register-1" };
    const send = (): Promise<Answer> =>
      api.send("POST", "/lab/instances", { ...webTarget, ...group }, key);
    table.loseAnswerOf("TARGET#");
    expect((await send()).status).toBe(503);
    await showMembers(api, memberTags, "terminated");
    const again = await send();
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ pipeline_mode: "CLUSTER", instance_id: id });
  });

  it("is what is written: a target that was changed meanwhile stays as it is", async () => {
    const api = apiUnderTest();
    const target = await withTarget(api);
    await showMembers(api);
    const successor = "i-0123456789abcdef0";
    api.ec2.on(DescribeInstancesCommand).callsFake(async () => {
      await updateTarget(api.table, targetIdSchema.parse(target), (stored) => ({
        ...stored,
        instanceId: successor as typeof stored.instanceId,
        updatedAt: api.context.now().toISOString(),
      }));
      const Tags = [{ Key: asgTag, Value: "web-blue" }];
      return {
        Reservations: [{ Instances: [{ InstanceId: id, State: { Name: "running" }, Tags }] }],
      };
    });
    const answer = await api.send("PATCH", `/lab/instances/${target}`, group);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining("changed meanwhile") });
    expect((await api.send("GET", `/lab/instances/${target}`)).body).toMatchObject({
      pipeline_mode: "LINEAR",
      instance_id: successor,
    });
  });
});

describe("the instance of a LINEAR target", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  const showNothing = (): void => {
    api.ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
  };
  const register = (change: object = {}): Promise<Answer> =>
    api.send("POST", "/lab/instances", { ...webTarget, ...change });

  it("that EC2 does not show is refused at once", async () => {
    showNothing();
    const answer = await register();
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [{ field: "instance_id", message: expect.stringContaining(`EC2 shows no ${id}`) }],
    });
    expect(await modeOf(api)).toBeUndefined();
  });

  it("that has ended is refused at once", async () => {
    await showMembers(api, {}, "terminated");
    expect((await register()).body).toMatchObject({
      errors: [{ field: "instance_id", message: `${id} is terminated` }],
    });
  });

  it("of another type, or in another zone, is refused with what EC2 shows", async () => {
    const answer = await register({
      instance_type: "m5.xlarge",
      availability_zone: "eu-central-1b",
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [
        { field: "instance_type", message: `${id} is of type m5.large` },
        { field: "availability_zone", message: `${id} is in eu-central-1a` },
      ],
    });
  });

  it("can't be given another type than it has by a change", async () => {
    expect((await register()).status).toBe(201);
    const change = (type: string): Promise<Answer> =>
      api.send("PATCH", `/lab/instances/${id}`, { instance_type: type });
    expect((await change("m5.xlarge")).body).toMatchObject({
      errors: [{ field: "instance_type" }],
    });
    expect((await change("m5.large")).status).toBe(200);
  });

  it("is registered unseen while the role of an account that was never verified refuses us", async () => {
    const refused = Object.assign(new Error("denied"), { name: "UnauthorizedOperation" });
    api.ec2.on(DescribeInstancesCommand).rejects(refused);
    expect((await register()).status).toBe(201);
    const accountId = accountIdSchema.parse(labAccount.account_id);
    await updateAccount(api.table, accountId, (account) => ({ ...account, status: "ACTIVE" }));
    expect((await register({ instance_id: "i-0a1b2c3d4e5f60719" })).status).toBe(502);
  });

  it("is not looked at in a DISABLED account, in which nothing is called", async () => {
    await api.send("PATCH", `/accounts/${labAccount.account_id}`, { status: "DISABLED" });
    expect((await register()).status).toBe(201);
    expect(readings(api)).toBe(0);
  });
});
