import { beforeEach, describe, expect, it } from "@jest/globals";
import { engagedFor } from "../../../adapters/store/kill-switch.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";

const accountId = accountIdSchema.parse(labAccount.account_id);

describe("the kill switch", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  it("is off before anybody touched it", async () => {
    const answer = await api.send("GET", "/kill-switch");
    expect(answer.body).toEqual({ scope: "global", engaged: false, effective: false });
  });

  it("stops every account when thrown globally, and says who threw it and why", async () => {
    const thrown = await api.send("PUT", "/kill-switch", {
      engaged: true,
      reason: "Incident 4711",
    });
    expect(thrown.body).toEqual({
      scope: "global",
      engaged: true,
      effective: true,
      reason: "Incident 4711",
      changed_by: "local",
      changed_at: "2026-03-01T12:00:00.000Z",
    });
    expect(await engagedFor(api.table, accountId)).toMatchObject({ scope: "global" });
    const account = await api.send("GET", `/kill-switch?account_id=${accountId}`);
    expect(account.body).toEqual({ scope: accountId, engaged: false, effective: true });
  });

  it("stops one account and leaves the others", async () => {
    const body = { engaged: true, reason: "Freeze", account_id: accountId };
    expect((await api.send("PUT", "/kill-switch", body)).status).toBe(200);
    expect(await engagedFor(api.table, accountId)).toMatchObject({ reason: "Freeze" });
    expect((await api.send("GET", "/kill-switch")).body).toMatchObject({ effective: false });
  });

  it("is lifted with a reason too", async () => {
    await api.send("PUT", "/kill-switch", { engaged: true, reason: "Freeze" });
    await api.send("PUT", "/kill-switch", { engaged: false, reason: "Over" });
    expect(await engagedFor(api.table, accountId)).toBeUndefined();
  });

  it.each([
    [{ engaged: true }, "reason"],
    [{ engaged: true, reason: "  " }, "reason"],
    [{ reason: "Freeze" }, "engaged"],
    [{ engaged: "yes", reason: "Freeze" }, "engaged"],
    [{ engaged: true, reason: "Freeze", account: "1" }, "account"],
  ])("refuses %j naming the field", async (body, field) => {
    const answer = await api.send("PUT", "/kill-switch", body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it("answers 404 for an account that is not connected", async () => {
    const body = { engaged: true, reason: "Freeze", account_id: "000000000000" };
    expect((await api.send("PUT", "/kill-switch", body)).status).toBe(404);
  });
});

describe("health", () => {
  it("says version, table, and that AWS is simulated", async () => {
    const answer = await apiUnderTest().send("GET", "/health");
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: "ok",
      version: "0.1.0",
      emulated: true,
      region: "eu-central-1",
      tables: { state: "reachable" },
      checked_at: "2026-03-01T12:00:00.000Z",
    });
  });

  it("answers 503 when the table does not", async () => {
    const table = createMemoryTable();
    const dead = new SpotOptimizerError("RetryableUnavailable", "no answer");
    const api = apiUnderTest({
      table: {
        get: () => Promise.reject(dead),
        put: (item, condition) => table.put(item, condition),
        delete: (key, condition) => table.delete(key, condition),
        query: (input) => table.query(input),
      },
    });
    const answer = await api.send("GET", "/health");
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ status: "unavailable", tables: { state: "unreachable" } });
  });
});
