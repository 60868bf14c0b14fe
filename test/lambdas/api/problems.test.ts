import { beforeEach, describe, expect, it } from "@jest/globals";
import { SpotOptimizerError, type ErrorName } from "../../../core/errors.ts";
import { problemOf } from "../../../lambdas/api/problem.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import {
  apiUnderTest,
  labAccount,
  webTarget,
  type Answer,
  type ApiUnderTest,
} from "./api-under-test.ts";

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

describe("what is said of a field", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  const said = async (answer: Promise<Answer>): Promise<unknown> => {
    const { body } = await answer;
    return (body as { errors: readonly { field: string; message: string }[] }).errors.map(
      ({ field, message }) => `${field}: ${message}`,
    );
  };
  const register = (change: object): Promise<unknown> =>
    said(api.send("POST", "/lab/instances", { ...webTarget, ...change }));

  const sunday = { cron: "0 2 ? * SUN *", duration: "2h", timezone: "Europe/Berlin" };
  it.each([
    [{ instance_type: undefined }, "instance_type: is missing"],
    [{ is_shadow_mode: "no" }, "is_shadow_mode: must be true or false, and is a text"],
    [{ is_shadow_mode: null }, "is_shadow_mode: must be true or false, and is null"],
    [{ metadata: [] }, "metadata: must be an object, and is a list"],
    [{ pipeline_mode: "FLEET" }, "pipeline_mode: must be one of LINEAR, CLUSTER, KUBERNETES"],
    [{ policy_overrides: { max_risk: 2 } }, "policy_overrides.max_risk: must be at most 1"],
    [
      { policy_overrides: { max_offers: 1.5 } },
      "policy_overrides.max_offers: must be a whole number, and is a number",
    ],
    [
      { policy_overrides: { proof: [{ kind: "tcp", host: "a.example", port: 0 }] } },
      "policy_overrides.proof.0.port: must be at least 1",
    ],
    [
      { policy_overrides: { proof: [{ kind: "ping" }] } },
      "policy_overrides.proof.0.kind: has none of the forms that it may have",
    ],
    [
      { policy_overrides: { maintenance_windows: ["Sun 02:00-02:30 UTC"] } },
      "policy_overrides.maintenance_windows.0: must be at least 60 minutes long",
    ],
    [
      { policy_overrides: { maintenance_windows: [{ ...sunday, cron: "0 2 ? * 8 *" }] } },
      "policy_overrides.maintenance_windows.0.cron: must have as day-of-week 1 to 7 or SUN to SAT, with , - * ? / L #, and not 8",
    ],
    [
      { policy_overrides: { maintenance_windows: [{ ...sunday, duration: "2 h" }] } },
      "policy_overrides.maintenance_windows.0.duration: must be a duration such as 2h, 90m or 1h30m",
    ],
    [
      { policy_overrides: { maintenance_windows: [{ ...sunday, timezone: undefined }] } },
      "policy_overrides.maintenance_windows.0.timezone: is missing",
    ],
    [
      { policy_overrides: { maintenance_windows: [7] } },
      "policy_overrides.maintenance_windows.0: has none of the forms that it may have",
    ],
    [{ metadata: { asg_name: "" } }, "metadata.asg_name: must not be empty"],
    [
      { metadata: { asg_name: "x".repeat(256) } },
      "metadata.asg_name: must have at most 255 characters",
    ],
    [{ colour: "red" }, "colour: is not a field of this request"],
  ])("%j is a sentence without the validator's words", async (change, sentence) => {
    expect(await register(change)).toEqual([sentence]);
  });

  it("is a sentence of times, too", async () => {
    const path = `/accounts/${labAccount.account_id}`;
    const freezes = [{ from: "tomorrow", until: "2027-01-01T00:00:00Z", reason: "Sale" }];
    expect(await said(api.send("PATCH", path, { freezes }))).toEqual([
      "freezes.0.from: must be a time in ISO 8601 such as 2026-03-01T12:00:00Z",
    ]);
  });

  it.each(["0", "101", "1.0", "1e1", "0x10", " 5", "5 ", "", "+5", "-1", "five"])(
    "the limit '%s' is not a whole number",
    async (limit) => {
      const path = `/accounts?limit=${encodeURIComponent(limit)}`;
      expect((await api.send("GET", path)).status).toBe(400);
      expect(await said(api.send("GET", path))).toEqual([
        "limit: must be a whole number from 1 to 100",
      ]);
    },
  );

  it.each(["1", "9", "10", "99", "100"])("the limit %s is taken", async (limit) => {
    expect((await api.send("GET", `/accounts?limit=${limit}`)).status).toBe(200);
  });
});

describe("what can't be stored", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });
  const path = `/accounts/${labAccount.account_id}`;

  it.each([
    String.raw`{"name": "a\u0000b"}`,
    String.raw`{"name": "a\ud800"}`,
    String.raw`{"name": "\uDC00b"}`,
  ])("is refused, and the field is named: %s", async (body) => {
    const answer = await api.send("PATCH", path, body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [{ field: "name", message: expect.stringContaining("can't be stored") }],
    });
  });

  it("is refused in the name of a field, and in the midst of a list", async () => {
    const inName = await api.send("PATCH", path, String.raw`{"na\u0000me": "a"}`);
    expect(inName.body).toMatchObject({
      errors: [{ message: expect.stringContaining("has a name that can't be stored") }],
    });
    const inList = await api.send("PATCH", path, String.raw`{"regions": ["eu-west-1", "\u0000"]}`);
    expect(inList.body).toMatchObject({ errors: [{ field: "regions.1" }] });
  });

  it("is refused in a query", async () => {
    const answer = await api.send("GET", "/accounts?cursor=a%00b");
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: "cursor" }] });
  });

  it.each(["1e-131", "-1e126", "1e400", `0.${"0".repeat(200)}1`])(
    "is refused as a number: %s",
    async (number) => {
      const answer = await api.send("PATCH", path, `{"max_extra_hourly_usd": ${number}}`);
      expect(answer.body).toMatchObject({
        errors: [
          { field: "max_extra_hourly_usd", message: expect.stringContaining("at least 1e-130") },
        ],
      });
    },
  );

  it.each([
    ["lists", "[".repeat(30_000), "]".repeat(30_000)],
    ["objects", '{"a":'.repeat(10_000), "}".repeat(10_000)],
  ])("is refused where it can't be looked for, in %s within each other", async (_, open, close) => {
    const answer = await api.send("PATCH", path, `{"regions": ${open}"\\u0000"${close}}`);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [{ field: "regions", message: "is nested more than 32 levels deep" }],
    });
  });

  it("is told a hundred times at the most", async () => {
    const answer = await api.send("POST", "/models", `[${'"\\u0000",'.repeat(200_000)}1]`);
    expect(answer.status).toBe(422);
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(100);
  });

  it("does not stand in the way of characters that are written in pairs", async () => {
    const answer = await api.send("PATCH", path, String.raw`{"name": "\ud83d\ude00 ok"}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: "😀 ok" });
  });
});
