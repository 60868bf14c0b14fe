import { beforeEach, describe, expect, it } from "@jest/globals";
import { getAccount, updateAccount } from "../../../adapters/store/accounts.ts";
import { listAudit } from "../../../adapters/store/audit.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { apiUnderTest, labAccount, withTarget, type ApiUnderTest } from "./api-under-test.ts";

const id = accountIdSchema.parse(labAccount.account_id);

describe("accounts", () => {
  let api: ApiUnderTest;
  beforeEach(() => {
    api = apiUnderTest();
  });

  it("are connected with a generated ExternalId and a role ARN that the body can't choose", async () => {
    const created = await api.send("POST", "/accounts", labAccount);
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe(`/live/api/v1/accounts/${id}`);
    expect(created.body).toEqual({
      ...labAccount,
      role_arn: `arn:aws:iam::${id}:role/SpotOptimizerRole`,
      status: "PENDING",
      external_id: expect.stringMatching(/^spot-optimizer-[0-9a-z]{40}$/),
      created_at: "2026-03-01T12:00:00.000Z",
      updated_at: "2026-03-01T12:00:00.000Z",
    });
  });

  it("show their ExternalId at the creation and nowhere else", async () => {
    const created = await api.send("POST", "/accounts", labAccount);
    const { external_id: externalId } = created.body as { external_id: string };
    const shown = [
      await api.send("GET", `/accounts/${id}`),
      await api.send("GET", "/accounts"),
      await api.send("PATCH", `/accounts/${id}`, { name: "New" }),
    ];
    for (const answer of shown) {
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain(externalId);
    }
    const { items } = await listAudit(api.table, { limit: 10 });
    expect(JSON.stringify(items)).not.toContain(externalId);
  });

  it.each([
    ["role_arn", "arn:aws:iam::444455556666:role/Mine"],
    ["external_id", "chosen-by-the-customer"],
    ["status", "ACTIVE"],
  ])("refuse the field %s at creation", async (field, value) => {
    const answer = await api.send("POST", "/accounts", { ...labAccount, [field]: value });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [{ field, message: "is not a field of this request" }],
    });
  });

  it.each([
    [{ account_id: "12" }, "account_id"],
    [{ name: "" }, "name"],
    [{ environment: "TEST" }, "environment"],
    [{ regions: [] }, "regions"],
    [{ regions: ["Frankfurt"] }, "regions.0"],
    [{ regions: ["eu-central-1", "eu-central-1"] }, "regions"],
  ])("name the field at fault: %j", async (change, field) => {
    const answer = await api.send("POST", "/accounts", { ...labAccount, ...change });
    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect((answer.body as { errors: { field: string }[] }).errors.map((e) => e.field)).toEqual([
      field,
    ]);
  });

  it.each([
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["us-isob-east-1", "aws-iso"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("are refused in %s, whose ARNs begin with %s", async (region, partition) => {
    await api.send("POST", "/accounts", labAccount);
    const regions = ["eu-central-1", region];
    for (const answer of [
      await api.send("POST", "/accounts", { ...labAccount, account_id: "444455556667", regions }),
      await api.send("PATCH", `/accounts/${id}`, { regions }),
    ]) {
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        errors: [
          { field: "regions.1", message: expect.stringContaining(`partition ${partition}`) },
        ],
      });
    }
  });

  it("are shown with the regions that an older version took", async () => {
    await api.send("POST", "/accounts", labAccount);
    await updateAccount(api.table, accountIdSchema.parse(id), (account) => ({
      ...account,
      regions: ["cn-north-1"],
    }));
    const shown = await api.send("GET", `/accounts/${id}`);
    expect(shown.body).toMatchObject({ regions: ["cn-north-1"] });
  });

  it("can't be connected twice", async () => {
    await api.send("POST", "/accounts", labAccount);
    const again = await api.send("POST", "/accounts", labAccount);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ errors: [{ field: "account_id" }] });
  });

  it("are listed page by page, each once", async () => {
    for (const last of ["1", "2", "3"]) {
      await api.send("POST", "/accounts", { ...labAccount, account_id: `44445555666${last}` });
    }
    const first = await api.send("GET", "/accounts?limit=2");
    const page = first.body as { items: { account_id: string }[]; cursor: string };
    const rest = await api.send("GET", `/accounts?limit=2&cursor=${page.cursor}`);
    const last = rest.body as { items: { account_id: string }[]; cursor?: string };
    expect([...page.items, ...last.items].map((item) => item.account_id)).toEqual([
      "444455556661",
      "444455556662",
      "444455556663",
    ]);
    expect(last.cursor).toBeUndefined();
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=ten", "limit"],
    ["cursor=nonsense", "cursor"],
    ["page=2", "page"],
  ])("answer 400 naming the parameter of ?%s", async (query, field) => {
    const answer = await api.send("GET", `/accounts?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("can be disabled and enabled again, but made ACTIVE by verify alone", async () => {
    await api.send("POST", "/accounts", labAccount);
    const disabled = await api.send("PATCH", `/accounts/${id}`, { status: "DISABLED" });
    expect(disabled.body).toMatchObject({ status: "DISABLED" });
    const enabled = await api.send("PATCH", `/accounts/${id}`, { status: "PENDING" });
    expect(enabled.body).toMatchObject({ status: "PENDING" });
    const forced = await api.send("PATCH", `/accounts/${id}`, { status: "ACTIVE" });
    expect(forced.status).toBe(422);
    expect(forced.body).toMatchObject({ errors: [{ field: "status" }] });
  });

  it("refuse a change that changes nothing", async () => {
    await api.send("POST", "/accounts", labAccount);
    expect((await api.send("PATCH", `/accounts/${id}`, {})).status).toBe(422);
  });

  it.each([
    ["GET", undefined],
    ["PATCH", { name: "x" }],
    ["DELETE", undefined],
  ])("answer 404 to %s of an unknown id", async (method, body) => {
    const answer = await api.send(method, `/accounts/${id}`, body);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ status: 404, errors: [{ field: "id" }] });
  });

  it("answer 400 to a malformed id", async () => {
    const answer = await api.send("GET", "/accounts/12");
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: "id" }] });
  });

  it("are not deleted without a plan while they have targets", async () => {
    const targetId = await withTarget(api);
    const refused = await api.send("DELETE", `/accounts/${id}`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ detail: expect.stringContaining("dry_run=true") });
    const told = await api.send("DELETE", `/accounts/${id}?dry_run=true`);
    expect(told.body).toMatchObject({
      targets: [targetId],
      unread: expect.stringMatching(/PENDING/),
    });
    await api.send("DELETE", `/lab/instances/${targetId}`);
    expect((await api.send("DELETE", `/accounts/${id}`)).status).toBe(204);
    expect(await getAccount(api.table, id)).toBeUndefined();
  });

  it("leave an audit row for each change, with the caller", async () => {
    await api.send("POST", "/accounts", labAccount);
    api.pass(1);
    await api.send("PATCH", `/accounts/${id}`, { name: "New" });
    api.pass(1);
    await api.send("DELETE", `/accounts/${id}`);
    const { items } = await listAudit(api.table, { limit: 10 });
    expect(items.map((row) => [row.actor, row.action, row.resource])).toEqual([
      ["local", "DELETE_ACCOUNT", `account ${id}`],
      ["local", "UPDATE_ACCOUNT", `account ${id}`],
      ["local", "CREATE_ACCOUNT", `account ${id}`],
    ]);
  });
});
