import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { savePreflightRows, updatePreflightPlace } from "../../../adapters/store/preflights.ts";
import { totalsOf } from "../../../core/decide/fleet/preflight/totals.ts";
import { accountIdSchema, preflightIdSchema, type PreflightId } from "../../../core/model/ids.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import { preflightColumns } from "../../../lambdas/api/preflight-csv.ts";
import { onceRow, preflightRowSample, refusedRow } from "../../core/decide/fleet/preflight/rows.ts";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";

const accountId = labAccount.account_id;
const region = "eu-central-1";

const connect = async (api: ApiUnderTest): Promise<void> => {
  await api.send("POST", "/accounts", { ...labAccount, regions: [region, "us-east-1"] });
  await updateAccount(api.table, accountIdSchema.parse(accountId), (account) => ({
    ...account,
    status: "ACTIVE",
  }));
};

const start = async (api: ApiUnderTest, body: object = {}): Promise<PreflightId> => {
  const answer = await api.send("POST", "/preflight", { account_id: accountId, ...body });
  expect(answer.status).toBe(202);
  return preflightIdSchema.parse((answer.body as { preflight_id: string }).preflight_id);
};

/** As the function that judges the region stores them, two to a page. */
const finish = async (
  { table }: ApiUnderTest,
  preflightId: PreflightId,
  rows: readonly PreflightRow[],
): Promise<void> => {
  const pages = Math.ceil(rows.length / 2);
  for (let page = 0; page < pages; page += 1) {
    const part = rows.slice(page * 2, page * 2 + 2);
    await savePreflightRows(table, { preflightId, region, page }, part);
  }
  await updatePreflightPlace(table, { preflightId, region }, (place) => ({
    ...place,
    status: "DONE",
    pages,
    rows: rows.length,
    totals: totalsOf(rows),
  }));
};

const rows = [
  onceRow,
  refusedRow,
  preflightRowSample(),
  preflightRowSample({ id: `${region}/i-2`, outcome: "WONT", reason: "ALREADY_SPOT" }),
  preflightRowSample({ id: `${region}/i-3` }),
];

const idsOf = (body: unknown): readonly string[] =>
  (body as { items: { id: string }[] }).items.map(({ id }) => id);

describe("a preflight", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await connect(api);
  });

  it("is begun in every region of the account, with an estimate, and reads nothing itself", async () => {
    const answer = await api.send("POST", "/preflight", { account_id: accountId });
    expect(answer).toMatchObject({
      status: 202,
      body: { regions: [region, "us-east-1"], estimate: { calls: 24, seconds: 20 } },
    });
    const { preflight_id: id } = answer.body as { preflight_id: string };
    expect(answer.headers.get("location")).toBe(`/live/api/v1/preflight/${id}`);
    const events = api.lambda
      .commandCalls(InvokeCommand)
      .map(({ args: [{ input }] }): unknown =>
        JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()),
      );
    expect(events).toEqual([
      { preflightId: id, region },
      { preflightId: id, region: "us-east-1" },
    ]);
    expect(api.ec2.commandCalls(DescribeInstancesCommand)).toEqual([]);
  });

  it("registers nothing", async () => {
    await finish(api, await start(api), rows);
    expect((await api.send("GET", "/lab/instances")).body).toEqual({ items: [] });
  });

  it("is the same one under the same key, also where Lambda did not answer the first time", async () => {
    const key = { "idempotency-key": "preflight-1" };
    const body = { account_id: accountId };
    const unavailable = Object.assign(new Error("Service unavailable"), {
      name: "ServiceException",
      $metadata: { httpStatusCode: 503 },
    });
    api.lambda.on(InvokeCommand).rejects(unavailable);
    expect((await api.send("POST", "/preflight", body, key)).status).toBe(503);
    api.lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    const first = await api.send("POST", "/preflight", body, key);
    const second = await api.send("POST", "/preflight", body, key);
    expect(first.status).toBe(202);
    expect(second.body).toEqual(first.body);
  });

  it("sums up in cents", async () => {
    const id = await start(api);
    await finish(
      api,
      id,
      [0.1, 0.2].map((monthlyUsd) => ({ ...onceRow, monthlyUsd })),
    );
    expect((await api.send("GET", `/preflight/${id}`)).body).toMatchObject({
      totals: { by_outcome: [{ outcome: "WILL_ONCE", subjects: 2, monthly_usd: 0.3 }] },
    });
  });

  it("tells how far it is, and its totals", async () => {
    const id = await start(api, { regions: [region] });
    expect((await api.send("GET", `/preflight/${id}`)).body).toMatchObject({
      status: "RUNNING",
      places: [{ region, status: "WAITING" }],
      totals: { by_outcome: [] },
    });
    await finish(api, id, rows);
    expect((await api.send("GET", `/preflight/${id}`)).body).toMatchObject({
      status: "DONE",
      estimate: { calls: 0 },
      places: [{ status: "DONE", subjects: 5 }],
      totals: {
        by_outcome: [
          { outcome: "WILL", subjects: 2 },
          { outcome: "WILL_ONCE", subjects: 1 },
          { outcome: "WONT", subjects: 2 },
        ],
        by_mode: expect.arrayContaining([
          { mode: "CLUSTER", outcome: "WILL_ONCE", subjects: 1, monthly_usd: 100 },
        ]),
        by_reason: expect.arrayContaining([
          { outcome: "WILL_ONCE", reason: "IAC_MANAGED", subjects: 1, monthly_usd: 100 },
        ]),
        missing: [
          { kind: "CONSENT", name: "accept_iac_drift=true", subjects: 1, monthly_usd: 100 },
        ],
      },
    });
  });

  it.each([1, 2, 3, 100])(
    "lists its subjects %i to a page, each once and in order",
    async (limit) => {
      const id = await start(api, { regions: [region] });
      await finish(api, id, rows);
      const found: string[] = [];
      let cursor = "";
      do {
        const page = await api.send(
          "GET",
          `/preflight/${id}/subjects?limit=${String(limit)}${cursor}`,
        );
        expect(page.status).toBe(200);
        found.push(...idsOf(page.body));
        const { cursor: next } = page.body as { cursor?: string };
        cursor = next === undefined ? "" : `&cursor=${next}`;
      } while (cursor !== "");
      expect(found).toEqual(rows.map(({ id: row }) => row));
    },
  );

  it("lists those of one outcome or mode", async () => {
    const id = await start(api, { regions: [region] });
    await finish(api, id, rows);
    const asked = async (query: string) =>
      idsOf((await api.send("GET", `/preflight/${id}/subjects?${query}`)).body);
    expect(await asked("outcome=WONT")).toEqual([refusedRow.id, `${region}/i-2`]);
    expect(await asked("mode=CLUSTER")).toEqual([onceRow.id]);
    expect(await asked("mode=CLUSTER&outcome=WILL")).toEqual([]);
  });

  it("refuses the cursor of another list", async () => {
    const id = await start(api, { regions: [region] });
    await finish(api, id, rows);
    const page = await api.send("GET", `/preflight/${id}/subjects?limit=1`);
    const { cursor } = page.body as { cursor: string };
    for (const query of [`outcome=WILL&cursor=${cursor}`, "cursor=abc"]) {
      expect(await api.send("GET", `/preflight/${id}/subjects?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ field: "cursor" }] },
      });
    }
  });

  it("is a table for spreadsheets where that is asked for", async () => {
    const id = await start(api, { regions: [region] });
    await finish(api, id, [onceRow, preflightRowSample({ name: '=cmd|"/c calc"' })]);
    const answer = await api.send("GET", `/preflight/${id}/subjects`, undefined, {
      accept: "text/csv;q=1, application/json;q=0.5",
    });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(answer.headers.get("link")).toBeNull();
    const text: string = answer.body;
    const [header, first, second] = text.split("\r\n");
    expect(header).toBe(Object.keys(preflightColumns).join(","));
    expect(first).toContain(",CONSENT accept_iac_drift=true,3,100,61.23,3.1,24,");
    expect(second).toContain(`,"'=cmd|""/c calc""",`);
  });

  it("tells what has changed since an earlier one, page by page", async () => {
    const earlier = await start(api, { regions: [region] });
    await finish(api, earlier, rows.slice(0, 3));
    const later = await start(api, { regions: [region] });
    const path = `/preflight/${later}/changes?since=${earlier}`;
    expect((await api.send("GET", path)).status).toBe(409);
    await finish(api, later, [{ ...onceRow, outcome: "WILL", missing: [] }, ...rows.slice(2)]);
    const first = await api.send("GET", `${path}&limit=2`);
    expect(first.body).toMatchObject({
      items: [
        {
          kind: "CHANGED",
          id: onceRow.id,
          was: { outcome: "WILL_ONCE", missing: ["accept_iac_drift=true"] },
          is: { outcome: "WILL", missing: [] },
        },
        { kind: "GONE", id: refusedRow.id },
      ],
    });
    const { cursor } = first.body as { cursor: string };
    const second = await api.send("GET", `${path}&limit=2&cursor=${cursor}`);
    expect(idsOf(second.body)).toEqual([`${region}/i-2`, `${region}/i-3`]);
  });

  it.each([
    [{ account_id: "000000000000" }, "account_id"],
    [{ account_id: accountId, regions: ["eu-west-1"] }, "regions"],
    [{ account_id: accountId, regions: [] }, "regions"],
    [{ account_id: accountId, regions: [region, region] }, "regions"],
    [{ account_id: accountId, register: true }, "register"],
  ])("refuses %j naming the field", async (body, field) => {
    expect(await api.send("POST", "/preflight", body)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    });
  });

  it("needs an account that is verified", async () => {
    const pending = apiUnderTest();
    await pending.send("POST", "/accounts", labAccount);
    const answer = await pending.send("POST", "/preflight", { account_id: accountId });
    expect(answer.status).toBe(409);
  });

  it.each(["", "/subjects", "/changes?since=pfl-0000000000"])(
    "that nobody began is 404: %s",
    async (path) => {
      expect((await api.send("GET", `/preflight/pfl-1111111111${path}`)).status).toBe(404);
    },
  );
});
