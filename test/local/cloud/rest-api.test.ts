import { describe, expect, it } from "@jest/globals";
import {
  serveRestApi,
  type RestApiEvent,
  type RestApiOptions,
  type RestApiResult,
} from "../../../local/cloud/rest-api.ts";

const base = {
  root: "/api/v1",
  stage: "live",
  address: { kind: "EXECUTE_API" },
} as const satisfies Partial<RestApiOptions>;

const eventOf = async (
  url: string,
  options: Partial<RestApiOptions> = {},
  init: RequestInit = {},
): Promise<RestApiEvent> => {
  const events: RestApiEvent[] = [];
  const handler = (event: RestApiEvent): Promise<RestApiResult> => {
    events.push(event);
    return Promise.resolve({ statusCode: 200, body: "" });
  };
  await serveRestApi({ ...base, ...options, handler })(new Request(url, init));
  const [event] = events;
  if (event === undefined) throw new Error("The function was not called.");
  return event;
};

const answer = (
  result: RestApiResult,
  options: Partial<RestApiOptions> = {},
  headers: Record<string, string> = {},
): Promise<Response> =>
  serveRestApi({ ...base, ...options, handler: () => Promise.resolve(result) })(
    new Request("https://x.example/live/api/v1/things", { headers }),
  );

describe("API Gateway", () => {
  it("keeps the stage out of the path, and in that of the context", async () => {
    const event = await eventOf("https://x.example/live/api/v1/a%2Fb");
    expect(event).toMatchObject({
      resource: "/api/v1/{proxy+}",
      path: "/api/v1/a%2Fb",
      pathParameters: { proxy: "a/b" },
      requestContext: { stage: "live", path: "/live/api/v1/a%2Fb" },
      body: null,
      isBase64Encoded: false,
      queryStringParameters: null,
    });
  });

  it("leaves the base path of a domain in both", async () => {
    const address = { kind: "DOMAIN", basePath: "spot" } as const;
    const event = await eventOf("https://x.example/spot/api/v1/a", { address });
    expect(event).toMatchObject({
      path: "/spot/api/v1/a",
      requestContext: { path: "/spot/api/v1/a" },
    });
  });

  it("gives every value of a query, decoded, and the last one alone", async () => {
    const event = await eventOf("https://x.example/live/api/v1/a?n=1&n=%C3%BC");
    expect(event.multiValueQueryStringParameters).toEqual({ n: ["1", "ü"] });
    expect(event.queryStringParameters).toEqual({ n: "ü" });
  });

  it("encodes bodies of its binary types, and no others", async () => {
    const init = { method: "POST", body: "ü", headers: { "content-type": "application/json" } };
    const url = "https://x.example/live/api/v1/a";
    expect(await eventOf(url, {}, init)).toMatchObject({ body: "ü", isBase64Encoded: false });
    const binaryMediaTypes = ["*/*"];
    expect(await eventOf(url, { binaryMediaTypes }, init)).toMatchObject({
      body: Buffer.from("ü").toString("base64"),
      isBase64Encoded: true,
    });
  });

  it("passes base64 on as it is where it knows of no binary type", async () => {
    const body = Buffer.from("text").toString("base64");
    const result = { statusCode: 200, body, isBase64Encoded: true };
    expect(await (await answer(result)).text()).toBe(body);
    const binaryMediaTypes = ["application/yaml"];
    const other = await answer(result, { binaryMediaTypes }, { accept: "*/*" });
    expect(await other.text()).toBe(body);
    const asked = await answer(result, { binaryMediaTypes }, { accept: "application/yaml" });
    expect(await asked.text()).toBe("text");
  });

  it("answers 502 for what it does not understand, and for 6 MB", async () => {
    const list = { statusCode: 200, body: "", headers: { x: ["a"] } };
    expect((await answer(list)).status).toBe(502);
    expect((await answer({ statusCode: 200, body: "x".repeat(6_291_457) })).status).toBe(502);
    const handler = () => Promise.reject(new Error("secret"));
    const failed = await serveRestApi({ ...base, handler })(
      new Request("https://x.example/live/api/v1/a"),
    );
    expect([failed.status, await failed.json()]).toEqual([
      502,
      { message: "Internal server error" },
    ]);
  });

  it("answers 413 for a request that no invocation holds", async () => {
    const init = { method: "POST", body: '"'.repeat(3_200_000) };
    const result = await serveRestApi({
      ...base,
      handler: () => Promise.reject(new Error("never called")),
    })(new Request("https://x.example/live/api/v1/a", init));
    expect(result.status).toBe(413);
  });

  it("answers 403 where no resource is met", async () => {
    const handler = () => Promise.resolve({ statusCode: 200, body: "" });
    for (const path of ["/api/v1/a", "/live/api/v1/", "/live/other"]) {
      const result = await serveRestApi({ ...base, handler })(
        new Request(`https://x.example${path}`),
      );
      expect([path, result.status]).toEqual([path, 403]);
    }
  });
});
