import { beforeEach, describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { readSwitching, updateSwitching } from "../../../adapters/store/switching.ts";
import { accountIdSchema, evaluationIdSchema } from "../../../core/model/ids.ts";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";

const id = accountIdSchema.parse(labAccount.account_id);
const evaluationId = evaluationIdSchema.parse("evl-0123456789");
const at = "2026-03-01T11:00:00.000Z";

describe("switching in an account", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  const halt = () =>
    updateSwitching(api.table, id, () => ({
      running: [
        {
          evaluationId,
          region: "eu-central-1",
          leaseResource: "instance#1",
          takenAt: at,
          extraHourlyUsd: 0.12,
        },
      ],
      rolledBack: [{ evaluationId, at, error: "BrokenQuota", wasDown: true }],
      halt: { at, error: "BrokenQuota", evaluationIds: [evaluationId] },
      beganAt: { "eu-central-1": at },
    }));
  const running = [
    { evaluation_id: evaluationId, region: "eu-central-1", since: at, extra_hourly_usd: 0.12 },
  ];

  it("is told with the account: what goes on, and why nothing else may begin", async () => {
    const before = await api.send("GET", `/accounts/${id}`);
    expect(before.body).toMatchObject({ switching: { running: [] } });
    await halt();
    const answer = await api.send("GET", `/accounts/${id}`);
    expect(answer.body).toMatchObject({
      switching: {
        running,
        halt: { at, error: "BrokenQuota", evaluation_ids: [evaluationId] },
      },
    });
  });

  it("is told with its pace: how many may go on in each region", async () => {
    const pace = async () =>
      ((await api.send("GET", `/accounts/${id}`)).body as { switching: { pace: object[] } })
        .switching.pace;
    expect(await pace()).toEqual([{ region: "eu-central-1", running: 0, at_most: 1 }]);
    await halt();
    expect(await pace()).toEqual([{ region: "eu-central-1", running: 1, at_most: 1, since: at }]);
    api.pass(24 * 3600);
    expect(await pace()).toMatchObject([{ at_most: 5 }]);
    await api.send("PATCH", `/accounts/${id}`, { max_concurrent_switches: 20 });
    expect(await pace()).toMatchObject([{ at_most: 20 }]);
  });

  it("begins again when a person says so, once for all", async () => {
    await halt();
    for (const _time of [1, 2]) {
      const answer = await api.send("PUT", `/accounts/${id}/switching`, {
        halted: false,
        reason: "Quota raised",
      });
      expect(answer.status).toBe(200);
      const { switching } = answer.body as { switching: object };
      expect(switching).toMatchObject({ running });
      expect(switching).not.toHaveProperty("halt");
    }
    const { halt: over, rolledBack } = await readSwitching(api.table, id);
    expect({ over, rolledBack }).toEqual({ over: undefined, rolledBack: [] });
    const { items } = await listAudit(api.table, { limit: 10 });
    expect(items).toContainEqual(
      expect.objectContaining({
        action: "RESET_SWITCHING",
        resource: `account ${id}`,
        detail: { halted: false, reason: "Quota raised" },
      }),
    );
  });

  it.each([
    [{ halted: true, reason: "I want a pause" }, "halted"],
    [{ halted: false }, "reason"],
  ])("refuses %j", async (body, field) => {
    const answer = await api.send("PUT", `/accounts/${id}/switching`, body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("is asked of a connected account", async () => {
    const answer = await api.send("PUT", "/accounts/000000000000/switching", {
      halted: false,
      reason: "Quota raised",
    });
    expect(answer.status).toBe(404);
  });
});

describe("limits of an account", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  const freeze = {
    from: "2026-12-19T00:00:00+01:00",
    until: "2027-01-04T00:00:00+01:00",
    reason: "Christmas business",
  };

  it("are set, kept, and taken away by null", async () => {
    const limits = {
      freezes: [freeze],
      max_concurrent_switches: 3,
      max_extra_hourly_usd: 2.5,
    };
    const set = await api.send("PATCH", `/accounts/${id}`, limits);
    expect(set.body).toMatchObject(limits);
    const renamed = await api.send("PATCH", `/accounts/${id}`, { name: "New" });
    expect(renamed.body).toMatchObject({ name: "New", ...limits });
    const away = await api.send("PATCH", `/accounts/${id}`, {
      freezes: [],
      max_concurrent_switches: null,
      max_extra_hourly_usd: null,
    });
    expect(away.body).not.toHaveProperty("max_concurrent_switches");
    expect(away.body).not.toHaveProperty("max_extra_hourly_usd");
    expect(away.body).toMatchObject({ freezes: [] });
  });

  it.each([
    [{ freezes: [{ ...freeze, until: freeze.from }] }, "freezes.0.until"],
    [{ freezes: [{ ...freeze, from: "2026-12-19" }] }, "freezes.0.from"],
    [{ max_concurrent_switches: 0 }, "max_concurrent_switches"],
    [{ max_extra_hourly_usd: 0 }, "max_extra_hourly_usd"],
  ])("are refused: %j", async (patch, field) => {
    const answer = await api.send("PATCH", `/accounts/${id}`, patch);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });
});

describe("tags by which targets are found", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });
  const path = `/accounts/${id}/find-by-tags`;

  it("stand beside the account, and are told with it", async () => {
    const tags = { "spot-optimizer:enrolled": "true", Team_Name: "a" };
    const set = await api.send("PUT", path, { tags });
    expect(set).toMatchObject({ status: 200, body: { find_by_tags: tags } });
    expect((await api.send("GET", `/accounts/${id}`)).body).toMatchObject({ find_by_tags: tags });
    const none = await api.send("PUT", path, { tags: null });
    expect(none.body).not.toHaveProperty("find_by_tags");
  });

  it.each([[{}], [{ tags: {} }], [{ tags: { a: 1 } }], [{ tags: ["a"] }]])(
    "are refused as %j",
    async (body) => {
      expect((await api.send("PUT", path, body)).status).toBe(422);
    },
  );

  it("are of an account that is connected", async () => {
    const answer = await api.send("PUT", "/accounts/000000000000/find-by-tags", { tags: null });
    expect(answer.status).toBe(404);
  });
});
