import { beforeEach, describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { wasteIdOf, writeWaste } from "../../../adapters/store/waste-findings.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { wasteFindingSchema, type WasteFinding } from "../../../core/model/waste/finding.ts";
import type { WasteFindingJson } from "../../../lambdas/api/schemas/waste.ts";
import { apiUnderTest, labAccount, startOfTime, type ApiUnderTest } from "./api-under-test.ts";

const accountId = accountIdSchema.parse(labAccount.account_id);
const region = "eu-central-1";
const at = startOfTime.toISOString();

interface Page {
  readonly items: readonly WasteFindingJson[];
  readonly total?: unknown;
  readonly cursor?: string;
}

interface Problem {
  readonly type: string;
  readonly errors?: readonly { readonly field: string }[];
}

const finding = (change: Partial<WasteFinding>): WasteFinding => {
  const { kind = "UNATTACHED_VOLUME", resourceId = "vol-1" } = change;
  return {
    findingId: wasteIdOf({ accountId, region }, kind, resourceId),
    accountId,
    region,
    kind,
    resourceId,
    status: "OFFERED",
    firstSeenAt: at,
    lastSeenAt: at,
    countedSeconds: 14 * 86_400,
    why: "Nothing has it.",
    effect: "Deletes it.",
    undo: "Restore it.",
    unchecked: [],
    reasons: [],
    ...change,
  };
};

describe("the list of waste", () => {
  let api: ApiUnderTest;

  const add = (change: Partial<WasteFinding>) => writeWaste(api.table, finding(change), undefined);
  const list = async (query = ""): Promise<Page> => (await api.send("GET", `/waste${query}`)).body;
  const ids = ({ items }: Page): readonly string[] => items.map(({ resource_id: id }) => id);

  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", { ...labAccount, regions: [region] });
    await add({ resourceId: "vol-1", monthlyUsd: 8, owner: "=cmd" });
    await add({ resourceId: "vol-2", monthlyUsd: 80 });
    await add({ kind: "UNASSOCIATED_ADDRESS", resourceId: "eipalloc-1" });
    await add({
      kind: "IDLE_ADDRESS",
      resourceId: "eipalloc-2",
      status: "REPORTED",
      monthlyUsd: 3.65,
      countedWith: "i-1",
    });
    await add({ resourceId: "vol-3", status: "SEEN", monthlyUsd: 9 });
  });

  it("shows what is to be decided, what costs most first within its kind, with its total", async () => {
    const page = await list();
    expect(ids(page)).toEqual(["vol-2", "vol-1", "eipalloc-1", "eipalloc-2"]);
    // An address that counts with its instance is in no total by itself.
    expect(page.total).toEqual({ findings: 4, monthly_usd: 88, unpriced: 1 });
  });

  it.each([
    ["?kind=UNATTACHED_VOLUME", ["vol-2", "vol-1"]],
    ["?status=SEEN", ["vol-3"]],
    [`?account_id=${accountId}&region=${region}&kind=IDLE_ADDRESS`, ["eipalloc-2"]],
    ["?region=us-east-1", []],
  ])("shows with %s %j", async (query, shown) => {
    expect(ids(await list(query))).toEqual(shown);
  });

  it("goes page by page, each finding once, and tells the total with the first page alone", async () => {
    const first = await list("?limit=3");
    expect(ids(first)).toEqual(["vol-2", "vol-1", "eipalloc-1"]);
    const second = await list(`?limit=3&cursor=${first.cursor ?? ""}`);
    expect(ids(second)).toEqual(["eipalloc-2"]);
    expect(second).not.toHaveProperty("total");
    expect(second).not.toHaveProperty("cursor");
  });

  it("refuses a cursor of other filters, by name", async () => {
    const { cursor = "" } = await list("?limit=1");
    const answer = await api.send("GET", `/waste?limit=1&kind=IDLE_ADDRESS&cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect((answer.body as Problem).errors?.[0]?.field).toBe("cursor");
  });

  it("is a table for spreadsheets where that is asked for, in which no tag is a formula", async () => {
    const answer = await api.send("GET", "/waste", undefined, { accept: "text/csv" });
    const lines = String(answer.body).split("\r\n");
    expect(lines[0]).toMatch(/^finding_id,account_id,region,kind,resource_id,/);
    expect(lines).toHaveLength(6);
    expect(lines[2]).toContain(",'=cmd,");
  });

  it("shows of what is offered what is agreed to, and its hash", async () => {
    const [volume] = (await list("?kind=UNATTACHED_VOLUME")).items;
    expect(volume).toMatchObject({ approvers_needed: 1, bounds_hash: expect.any(String) });
    expect(volume?.plan).toEqual([
      "Deletes it.",
      "Deletes that snapshot 30 days later, unless something refers to it.",
    ]);
    const [address] = (await list("?kind=UNASSOCIATED_ADDRESS")).items;
    expect(address).toMatchObject({ approvers_needed: 2 });
    expect((await list("?kind=IDLE_ADDRESS")).items[0]).not.toHaveProperty("bounds_hash");
  });

  it("shows one by its id, and knows no other", async () => {
    const { findingId } = finding({ resourceId: "vol-1" });
    expect((await api.send("GET", `/waste/${findingId}`)).body).toMatchObject({
      resource_id: "vol-1",
    });
    expect((await api.send("GET", "/waste/wst-0123456789abcdefghjk")).status).toBe(404);
    expect((await api.send("GET", "/waste/vol-1")).status).toBe(400);
  });

  describe("a dismissal", () => {
    const { findingId } = finding({ resourceId: "vol-1" });
    const dismiss = (body: unknown) => api.send("POST", `/waste/${findingId}/dismiss`, body);
    const days = (count: number): string =>
      new Date(startOfTime.getTime() + count * 86_400_000).toISOString();

    it("is kept with who, why and until when, and stands in the audit", async () => {
      const body = { reason: "For the fair", until: days(30) };
      expect((await dismiss(body)).body).toMatchObject({
        status: "DISMISSED",
        dismissal: { ...body, at },
      });
      expect(ids(await list("?kind=UNATTACHED_VOLUME"))).toEqual(["vol-2"]);
      const { items } = await listAudit(api.table, { limit: 5 });
      const resource = `finding ${findingId}`;
      expect(items).toContainEqual(expect.objectContaining({ action: "DISMISS_WASTE", resource }));
    });

    it("of what is being deleted is refused", async () => {
      const deletion = { approvalId: "apr-0123456789", begunAt: at, calls: [], before: "" };
      const one = wasteFindingSchema().parse({
        ...finding({ resourceId: "vol-9" }),
        status: "DELETING",
        deletion,
      });
      await writeWaste(api.table, one, undefined);
      const body = { reason: "x", until: days(1) };
      expect((await api.send("POST", `/waste/${one.findingId}/dismiss`, body)).status).toBe(409);
    });

    it.each([
      ["without a reason", { until: days(1) }, "reason"],
      ["until a time that is over", { reason: "x", until: days(-1) }, "until"],
      ["for more than 400 days", { reason: "x", until: days(401) }, "until"],
      ["with what it does not know", { reason: "x", until: days(1), forever: true }, "forever"],
    ])("%s is refused by the field's name", async (_, body, field) => {
      const answer = await dismiss(body);
      expect(answer.status).toBe(422);
      expect((answer.body as Problem).errors?.[0]?.field).toBe(field);
    });
  });

  it("has no finding of a disconnected account", async () => {
    expect((await api.send("GET", "/waste?account_id=777788889999")).status).toBe(404);
  });
});

describe("the settings of the waste scanner", () => {
  const path = `/accounts/${accountId}/waste`;

  it("are off until they are set, and are set as a whole", async () => {
    const api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    expect((await api.send("GET", path)).body).toEqual({ enabled: false });
    const body = { enabled: true, days: { UNATTACHED_VOLUME: 30 }, snapshot_days: 60 };
    expect((await api.send("PUT", path, body)).body).toEqual({ ...body, updated_at: at });
    expect((await api.send("PUT", path, { enabled: false })).body).toEqual({
      enabled: false,
      updated_at: at,
    });
  });

  it.each([
    [
      "fewer days than the rule has",
      { enabled: true, days: { UNATTACHED_VOLUME: 13 } },
      "days.UNATTACHED_VOLUME",
    ],
    ["days of a kind that it does not know", { enabled: true, days: { OTHER: 30 } }, "days.OTHER"],
    ["nothing of whether it is on", { days: {} }, "enabled"],
    ["a snapshot that is kept for a day", { enabled: true, snapshot_days: 1 }, "snapshot_days"],
  ])("with %s are refused by the field's name", async (_, body, field) => {
    const api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    const answer = await api.send("PUT", path, body);
    expect(answer.status).toBe(422);
    expect((answer.body as Problem).errors?.[0]?.field).toBe(field);
  });
});
