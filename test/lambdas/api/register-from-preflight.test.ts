import { DescribeInstancesCommand, type InstanceStateName } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { savePreflightRows, updatePreflightPlace } from "../../../adapters/store/preflights.ts";
import { accountIdSchema, instanceIdSchema, preflightIdSchema } from "../../../core/model/ids.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { RegisteredManyJson } from "../../../lambdas/api/schemas/bulk-registration.ts";
import { preflightRowSample } from "../../core/decide/fleet/preflight/rows.ts";
import {
  apiUnderTest,
  asgTag,
  labAccount,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";
import { createFailingTable } from "./failing-table.ts";

const accountId = labAccount.account_id;
const region = "eu-central-1";
const path = "/lab/instances/bulk";
const inRegion = { account_id: accountId, region };

const instanceId = (n: number) => instanceIdSchema.parse(`i-${String(n).padStart(17, "0")}`);

const rowOf = (n: number, change: Partial<PreflightRow> = {}): PreflightRow =>
  preflightRowSample({ id: `${region}/${instanceId(n)}`, instanceId: instanceId(n), ...change });

const { instanceId: _none, ...empty } = rowOf(0, {
  id: `${region}/group/empty`,
  mode: "CLUSTER",
  name: "group empty",
});

const rows: readonly PreflightRow[] = [
  rowOf(1),
  rowOf(2, { outcome: "WONT" }),
  rowOf(3, { id: `${region}/group/web`, mode: "CLUSTER", name: "group web" }),
  empty,
  rowOf(9),
];

const connect = async (api: ApiUnderTest): Promise<void> => {
  await api.send("POST", "/accounts", labAccount);
  await updateAccount(api.table, accountIdSchema.parse(accountId), (account) => ({
    ...account,
    status: "ACTIVE",
  }));
  // What the preflight has called 9 is gone.
  show(api, [{ n: 1 }, { n: 2 }, { n: 3, tags: { [asgTag]: "web" } }]);
};

interface Shown {
  readonly n: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly state?: InstanceStateName;
}

/** As EC2 answers to filters by id and by tag. */
const show = (api: ApiUnderTest, shown: readonly Shown[]): void => {
  api.ec2.on(DescribeInstancesCommand).callsFake(({ Filters = [] }) => {
    const filters = Filters as { Name?: string; Values?: string[] }[];
    const passes = ({ n, tags = {}, state = "running" }: Shown): boolean =>
      filters.every(({ Name = "", Values = [] }) => {
        if (Name === "instance-id") return Values.includes(instanceId(n));
        return Values.includes(
          Name === "instance-state-name" ? state : (tags[Name.slice(4)] ?? ""),
        );
      });
    const Instances = shown.filter(passes).map(({ n, tags = {}, state = "running" }) => ({
      InstanceId: instanceId(n),
      InstanceType: "m5.large",
      Placement: { AvailabilityZone: "eu-central-1a" },
      State: { Name: state },
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }));
    return { Reservations: [{ Instances }] };
  });
};

/** One that is done, two rows to a page. */
const preflightOf = async (api: ApiUnderTest, isDone = true): Promise<string> => {
  const answer = await api.send("POST", "/preflight", { account_id: accountId });
  const id = preflightIdSchema.parse((answer.body as { preflight_id: string }).preflight_id);
  for (const page of [0, 1, 2]) {
    const some = rows.slice(page * 2, page * 2 + 2);
    await savePreflightRows(api.table, { preflightId: id, region, page }, some);
  }
  await updatePreflightPlace(api.table, { preflightId: id, region }, (place) => ({
    ...place,
    status: isDone ? "DONE" : "LOOKING",
    pages: 3,
    rows: rows.length,
  }));
  return id;
};

const answerOf = (answer: Answer): RegisteredManyJson => {
  expect(answer.status).toBe(200);
  return answer.body;
};

const targetsOf = async (api: ApiUnderTest): Promise<readonly object[]> =>
  ((await api.send("GET", "/lab/instances")).body as { items: object[] }).items;

describe("a registration from a preflight", () => {
  let api: ApiUnderTest;
  let id: string;
  beforeEach(async () => {
    api = apiUnderTest();
    await connect(api);
    id = await preflightOf(api);
  });

  it("is of all of an outcome, in shadow mode, with an answer for each", async () => {
    const body = { ...inRegion, preflight_id: id, outcome: "WILL" };
    const answer = answerOf(await api.send("POST", path, body));
    expect(answer).toMatchObject({
      items: [
        { subject_id: rows[0]?.id, instance_id: instanceId(1), outcome: "REGISTERED" },
        { subject_id: `${region}/group/web`, outcome: "REGISTERED", subject: "group web" },
        { subject_id: `${region}/group/empty`, outcome: "REFUSED" },
        { subject_id: rows[4]?.id, outcome: "REFUSED" },
      ],
      registered: 2,
      refused: 2,
    });
    expect(answer.items[2]).not.toHaveProperty("instance_id");
    expect(answer.items[2]?.detail).toContain("it has no member");
    expect(answer.items[3]?.detail).toContain("EC2 shows no such instance");
    const targets = await targetsOf(api);
    expect(targets).toHaveLength(2);
    for (const target of targets) expect(target).toMatchObject({ is_shadow_mode: true });
  });

  it("is of those that are named, whatever their outcome", async () => {
    const subject_ids = [`${region}/${instanceId(2)}`, `${region}/none`];
    const answer = answerOf(
      await api.send("POST", path, { ...inRegion, preflight_id: id, subject_ids }),
    );
    expect(answer.items).toMatchObject([
      { subject_id: subject_ids[0], outcome: "REGISTERED", subject: instanceId(2) },
      { subject_id: subject_ids[1], outcome: "REFUSED" },
    ]);
    expect(answer.items[1]?.detail).toContain("has no subject");
  });

  it("registers nothing twice", async () => {
    const body = { ...inRegion, preflight_id: id, outcome: "WILL" };
    const first = answerOf(await api.send("POST", path, body));
    const again = answerOf(await api.send("POST", path, body));
    expect(again).toMatchObject({ registered: 0, already_registered: 2, refused: 2 });
    expect(again.items[0]?.target_id).toBe(first.items[0]?.target_id);
    expect(await targetsOf(api)).toHaveLength(2);
  });

  it("that is cut off goes on under its key", async () => {
    const table = createFailingTable();
    const cutOff = apiUnderTest({ table });
    await connect(cutOff);
    const body = { ...inRegion, preflight_id: await preflightOf(cutOff), outcome: "WILL" };
    const key = { "idempotency-key": "from-preflight" };
    table.dieAtWrite(6);
    expect((await cutOff.send("POST", path, body, key)).status).toBe(503);
    table.revive();
    const done = answerOf(await cutOff.send("POST", path, body, key));
    expect(done).toMatchObject({ registered: 2, refused: 2 });
    expect(await targetsOf(cutOff)).toHaveLength(2);
  });

  it.each<[string, Shown[]]>([
    ["EC2 no longer shows", []],
    ["has ended", [{ n: 3, tags: { [asgTag]: "web" }, state: "terminated" }]],
    ["has left its group", [{ n: 3 }]],
  ])("of a group whose member %s is by another one of it", async (...[, left]) => {
    show(api, [
      ...left,
      { n: 5, tags: { [asgTag]: "web-2" } },
      { n: 7, tags: { [asgTag]: "web" } },
    ]);
    const subject_ids = [`${region}/group/web`];
    const body = { ...inRegion, preflight_id: id, subject_ids };
    expect(answerOf(await api.send("POST", path, body)).items).toEqual([
      expect.objectContaining({
        subject_id: subject_ids[0],
        instance_id: instanceId(7),
        outcome: "REGISTERED",
        subject: "group web",
      }),
    ]);
    const again = answerOf(await api.send("POST", path, body));
    expect(again).toMatchObject({ registered: 0, already_registered: 1 });
  });

  it("does not take an instance that has left its group for the group", async () => {
    show(api, [{ n: 3 }]);
    const body = { ...inRegion, preflight_id: id, subject_ids: [`${region}/group/web`] };
    const answer = answerOf(await api.send("POST", path, body));
    expect(answer).toMatchObject({ registered: 0, items: [{ outcome: "REFUSED" }] });
    expect(answer.items[0]?.detail).toContain("has left");
    expect(await targetsOf(api)).toEqual([]);
  });

  it("of a group that has no member left is refused, and so is a group that the preflight does not have", async () => {
    show(api, [{ n: 8, tags: { [asgTag]: "api" } }]);
    const subject_ids = [`${region}/group/web`, `${region}/group/api`];
    const body = { ...inRegion, preflight_id: id, subject_ids };
    expect(answerOf(await api.send("POST", path, body))).toMatchObject({
      registered: 0,
      refused: 2,
      items: [{ outcome: "REFUSED" }, { outcome: "REFUSED" }],
    });
  });

  it("waits until the region is done", async () => {
    const body = { ...inRegion, preflight_id: await preflightOf(api, false), outcome: "WILL" };
    expect((await api.send("POST", path, body)).status).toBe(409);
    expect(await targetsOf(api)).toEqual([]);
  });

  it.each([
    ["preflight_id", {}],
    ["preflight_id", { outcome: "WILL", subject_ids: ["a"] }],
    ["instance_ids", { outcome: "WILL", instance_ids: [instanceId(1)] }],
    ["subject_ids", { subject_ids: [] }],
    ["subject_ids", { subject_ids: ["a", "a"] }],
    ["outcome", { outcome: "PERHAPS" }],
    ["cursor", { subject_ids: ["a"], cursor: "x" }],
  ])("names %s of a body that can't be right: %j", async (field, change) => {
    const answer = await api.send("POST", path, { ...inRegion, preflight_id: id, ...change });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it("knows no outcome without a preflight", async () => {
    const body = { ...inRegion, tags: { a: "b" }, outcome: "WILL" };
    const answer = await api.send("POST", path, body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: "preflight_id" }] } });
  });

  it("knows no preflight of another account, and none that there is not", async () => {
    const other = { ...labAccount, account_id: "222233334444" };
    await api.send("POST", "/accounts", other);
    await updateAccount(api.table, accountIdSchema.parse(other.account_id), (account) => ({
      ...account,
      status: "ACTIVE",
    }));
    const body = { account_id: other.account_id, region, preflight_id: id, outcome: "WILL" };
    expect(await api.send("POST", path, body)).toMatchObject({
      status: 422,
      body: { errors: [{ field: "preflight_id" }] },
    });
    const absent = { ...inRegion, preflight_id: "pfl-00000000000000000000", outcome: "WILL" };
    expect((await api.send("POST", path, absent)).status).toBe(404);
  });
});
