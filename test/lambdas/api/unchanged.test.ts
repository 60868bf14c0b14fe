import { beforeAll, describe, expect, it } from "@jest/globals";
import { apiUnderTest, withTarget, type ApiUnderTest } from "./api-under-test.ts";
import { routeRequests, routeWorld } from "./every-route.ts";

const ask = (api: ApiUnderTest, path: string, tag?: string) =>
  api.send("GET", path, undefined, tag === undefined ? {} : { "if-none-match": tag });

const tagOf = async (api: ApiUnderTest, path: string): Promise<string> =>
  (await ask(api, path)).headers.get("etag") ?? "";

const reads = Object.entries(routeRequests).filter(
  ([, { method, status }]) => method === "GET" && status === 200,
);

describe("every GET", () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await routeWorld();
  });

  it.each(reads)("%s names its answer, and is answered 304 to who has it", async (_name, route) => {
    const first = await ask(api, route.path);
    expect(first.status).toBe(200);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"[\w-]{43}"$/);
    const second = await ask(api, route.path, tag);
    expect(second.status).toBe(304);
    expect(second.body).toBe("");
    expect(second.headers.get("etag")).toBe(tag);
    expect(second.headers.get("cache-control")).toBe(first.headers.get("cache-control"));
    expect(second.headers.get("content-type")).toBeNull();
  });
});

describe("an answer that somebody has already", () => {
  it("is sent anew once anything in it is other than before", async () => {
    const api = apiUnderTest();
    const id = await withTarget(api);
    const path = `/lab/instances/${id}`;
    const tag = await tagOf(api, path);
    api.pass(60);
    expect((await ask(api, path, tag)).status).toBe(304);
    await api.send("PATCH", path, { is_shadow_mode: false });
    const changed = await ask(api, path, tag);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ is_shadow_mode: false });
    expect(changed.headers.get("etag")).not.toBe(tag);
  });

  it("is found among several names, weak or not, and by an asterisk", async () => {
    const api = apiUnderTest();
    const tag = await tagOf(api, "/accounts");
    const strong = tag.slice(2);
    for (const header of [`"other", ${tag}`, strong, `${strong},"other"`, "*", ` ${tag} `]) {
      expect((await ask(api, "/accounts", header)).status).toBe(304);
    }
    for (const header of ['"other"', strong.slice(1, -1), `"${strong}`.slice(0, 20), ""]) {
      expect((await ask(api, "/accounts", header)).status).toBe(200);
    }
  });

  it("may be kept by who asked alone, and is asked for each time; a secret is not kept at all", async () => {
    const api = apiUnderTest();
    await withTarget(api);
    const account = "/accounts/444455556666";
    expect((await ask(api, account)).headers.get("cache-control")).toBe("no-cache, private");
    const template = await ask(api, `${account}/role-template`);
    expect(template.headers.get("cache-control")).toBe("no-store");
  });

  it("is told apart by its form: a table is not the list that it is made of", async () => {
    const api = apiUnderTest();
    await withTarget(api);
    const tag = await tagOf(api, "/savings");
    const table = { accept: "text/csv", "if-none-match": tag };
    expect((await api.send("GET", "/savings", undefined, table)).status).toBe(200);
  });
});

describe("what is not an answer to a GET", () => {
  it("has no name: problems and changes are always sent", async () => {
    const api = apiUnderTest();
    const missing = await ask(api, "/accounts/444455556666", "*");
    expect([missing.status, missing.headers.get("etag")]).toEqual([404, null]);
    const made = await api.send(
      "POST",
      "/accounts",
      { account_id: "444455556666", name: "Lab", environment: "LAB", regions: ["eu-central-1"] },
      { "if-none-match": "*" },
    );
    expect([made.status, made.headers.get("etag")]).toEqual([201, null]);
  });

  it("the document says of every GET that it may be answered 304, and of nothing else", async () => {
    const { body } = await apiUnderTest().send("GET", "/openapi.json");
    const { paths } = body as {
      paths: Record<string, Record<string, { responses: object; parameters?: { name: string }[] }>>;
    };
    for (const operations of Object.values(paths)) {
      for (const [method, { responses, parameters = [] }] of Object.entries(operations)) {
        const isGet = method === "get";
        expect("304" in responses).toBe(isGet);
        expect(parameters.some(({ name }) => name === "if-none-match")).toBe(isGet);
      }
    }
  });
});
