import { beforeEach, describe, expect, it } from "@jest/globals";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";
import { createFailingTable } from "./failing-table.ts";

const key = { "idempotency-key": "k-1" };

describe("Idempotency-Key", () => {
  let api: ApiUnderTest;
  beforeEach(() => {
    api = apiUnderTest();
  });

  it("gives the same response to the same request, ExternalId included", async () => {
    const first = await api.send("POST", "/accounts", labAccount, key);
    const again = await api.send("POST", "/accounts", labAccount, key);
    expect(first.status).toBe(201);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
  });

  it("takes another spelling of the same body for the same request", async () => {
    const { name, ...rest } = labAccount;
    const first = await api.send("POST", "/accounts", { name, ...rest }, key);
    const again = await api.send("POST", "/accounts", { ...rest, name }, key);
    expect(again.body).toEqual(first.body);
  });

  it("refuses another body under the same key", async () => {
    await api.send("POST", "/accounts", labAccount, key);
    const other = await api.send("POST", "/accounts", { ...labAccount, name: "Other" }, key);
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ errors: [{ field: "Idempotency-Key" }] });
  });

  it("refuses another path under the same key", async () => {
    await api.send("POST", "/accounts", labAccount, key);
    const other = await api.send("POST", `/accounts/${labAccount.account_id}/verify`, {}, key);
    expect(other.status).toBe(422);
  });

  it("gives the same problem again", async () => {
    await api.send("POST", "/accounts", labAccount);
    const first = await api.send("POST", "/accounts", labAccount, key);
    await api.send("DELETE", `/accounts/${labAccount.account_id}`);
    const again = await api.send("POST", "/accounts", labAccount, key);
    expect(first.status).toBe(409);
    expect(again.body).toEqual(first.body);
  });

  it("is not used up by a body that was refused", async () => {
    await api.send("POST", "/accounts", { ...labAccount, name: "" }, key);
    expect((await api.send("POST", "/accounts", labAccount, key)).status).toBe(201);
  });

  it("is free again after 24 hours", async () => {
    await api.send("POST", "/accounts", labAccount, key);
    await api.send("DELETE", `/accounts/${labAccount.account_id}`);
    api.pass(24 * 3600 + 1);
    const later = await api.send("POST", "/accounts", { ...labAccount, name: "Later" }, key);
    expect(later.status).toBe(201);
  });

  it.each(["", "with space", "x".repeat(129)])("must be well-formed: %j", async (value) => {
    const answer = await api.send("POST", "/accounts", labAccount, { "idempotency-key": value });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: "idempotency-key" }] });
  });

  it("finds its own account again when the answer to the write was lost", async () => {
    const table = createFailingTable();
    api = apiUnderTest({ table });
    table.loseAnswerOf("ACCOUNT#");
    const lost = await api.send("POST", "/accounts", labAccount, key);
    expect(lost.status).toBe(503);
    expect(lost.headers.get("retry-after")).toBe("2");
    const again = await api.send("POST", "/accounts", labAccount, key);
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ external_id: expect.any(String) });
  });

  it("answers 409 while the first request has not noted what it makes", async () => {
    const table = createFailingTable();
    api = apiUnderTest({ table });
    table.loseAnswerOf("REQUEST#");
    expect((await api.send("POST", "/accounts", labAccount, key)).status).toBe(503);
    const during = await api.send("POST", "/accounts", labAccount, key);
    expect(during.status).toBe(409);
    expect(during.body).toMatchObject({ type: "urn:spot-optimizer:problem:request-in-progress" });
    api.pass(15 * 60);
    expect((await api.send("POST", "/accounts", labAccount, key)).status).toBe(201);
  });
});
