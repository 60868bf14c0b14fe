import { beforeEach, describe, expect, it } from "@jest/globals";
import { SpotOptimizerError, type ErrorName } from "../../../core/errors.ts";
import { problemOf } from "../../../lambdas/api/problem.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { apiUnderTest, labAccount, type Answer, type ApiUnderTest } from "./api-under-test.ts";

describe("problem documents", () => {
  let api: ApiUnderTest;
  beforeEach(() => {
    api = apiUnderTest();
  });

  const expectProblem = (answer: Answer, status: number, kind: string): void => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({
      type: `urn:spot-optimizer:problem:${kind}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: expect.stringMatching(/^\/live\/api\/v1\//),
    });
  };

  it("answer an unknown path", async () => {
    expectProblem(await api.send("GET", "/nothing"), 404, "not-found");
  });

  it("answer a known path with another method, and name those it takes", async () => {
    const answer = await api.send("PUT", `/accounts/${labAccount.account_id}`, {});
    expectProblem(answer, 405, "method-not-allowed");
    expect(answer.headers.get("allow")).toBe("DELETE, GET, PATCH");
  });

  it.each(["{", "", "nonsense"])("answer a body that is not JSON: %j", async (body) => {
    expectProblem(await api.send("POST", "/accounts", body), 400, "malformed-json");
  });

  it.each(["[]", "null", "1", '"text"'])(
    "answer a body that is not an object: %s",
    async (body) => {
      expectProblem(await api.send("POST", "/accounts", body), 422, "invalid-body");
    },
  );

  it.each(["text/plain", "application/xml", "multipart/form-data; boundary=x"])(
    "answer the content type %s",
    async (type) => {
      const headers = { "content-type": type };
      const answer = await api.send("POST", "/accounts", labAccount, headers);
      expectProblem(answer, 415, "unsupported-media-type");
    },
  );

  it("answer the wrong content type of an optional body", async () => {
    const path = "/evaluations/evl-0123456789/replay";
    const answer = await api.send("POST", path, "{}", { "content-type": "text/plain" });
    expectProblem(answer, 415, "unsupported-media-type");
  });

  it("take a JSON body with a charset", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect((await api.send("POST", "/accounts", labAccount, headers)).status).toBe(201);
  });

  it("answer a body over 64 KiB", async () => {
    const answer = await api.send("POST", "/accounts", { ...labAccount, name: "x".repeat(65536) });
    expectProblem(answer, 413, "body-too-large");
  });

  it("answer a missing body naming it", async () => {
    const answer = await api.send("POST", "/accounts");
    expectProblem(answer, 422, "invalid-body");
  });

  it("name every field at fault at once", async () => {
    const answer = await api.send("POST", "/accounts", { account_id: 1, colour: "red" });
    const { errors } = answer.body as { errors: { field: string; message: string }[] };
    expect(errors.map((error) => error.field).sort()).toEqual([
      "account_id",
      "colour",
      "environment",
      "name",
      "regions",
    ]);
  });

  it("ignore no key that means something to JavaScript", async () => {
    const body = JSON.stringify(labAccount).replace("{", '{"__proto__":{"x":1},');
    expectProblem(await api.send("POST", "/accounts", body), 422, "invalid-body");
  });

  it("say nothing of an error that nobody has named", async () => {
    const logged: string[] = [];
    const table = createMemoryTable();
    const broken = apiUnderTest({
      table: {
        get: () => Promise.reject(new TypeError("secret of the machine")),
        put: (item, condition) => table.put(item, condition),
        delete: (key, condition) => table.delete(key, condition),
        query: (input) => table.query(input),
      },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (message) => {
          logged.push(message);
        },
      },
    });
    const answer = await broken.send("GET", `/accounts/${labAccount.account_id}`);
    expectProblem(answer, 500, "internal-error");
    expect(JSON.stringify(answer.body)).not.toContain("secret");
    expect(logged).toEqual(["GET /api/v1/accounts/444455556666 failed: secret of the machine"]);
  });
});

describe("one of our own errors", () => {
  it.each<[ErrorName, number]>([
    ["RetryableThrottled", 503],
    ["RetryableUnavailable", 503],
    ["RetryableContention", 503],
    ["BrokenNotFound", 404],
    ["BrokenPermission", 502],
    ["BrokenQuota", 502],
    ["BrokenFacts", 500],
    ["BrokenInput", 500],
  ])("%s becomes the status %i", (name, status) => {
    expect(problemOf(new SpotOptimizerError(name, "It broke.")).status).toBe(status);
  });
});
