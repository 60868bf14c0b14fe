import { beforeEach, describe, expect, it } from "@jest/globals";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { parse } from "yaml";
import { listAudit } from "../../../adapters/store/audit.ts";
import { gatewayHandlerOf } from "../../../lambdas/api/gateway.ts";
import {
  serveRestApi,
  type RestApiOptions,
  type RestApiResult,
} from "../../../local/cloud/rest-api.ts";
import { apiUnderTest, asDeployed, labAccount, type ApiUnderTest } from "./api-under-test.ts";
import { routeRequests, routeWorld, type RouteRequest } from "./every-route.ts";

const caller = "arn:aws:sts::111122223333:assumed-role/Operator/anna";

const event = (
  method: string,
  path: string,
  parts: { body?: unknown; userArn?: string | null; headers?: Record<string, string> } = {},
): APIGatewayProxyEvent =>
  ({
    resource: "/{proxy+}",
    httpMethod: method,
    path: `/api/v1${path}`,
    headers: { "content-type": "application/json", Host: "api.example.com", ...parts.headers },
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    isBase64Encoded: false,
    body: parts.body === undefined ? null : JSON.stringify(parts.body),
    requestContext: {
      stage: "prod",
      domainName: "api.example.com",
      identity: { userArn: parts.userArn === undefined ? caller : parts.userArn },
    },
  }) as unknown as APIGatewayProxyEvent;

describe("behind API Gateway", () => {
  let api: ApiUnderTest;
  let call: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  beforeEach(() => {
    api = apiUnderTest({ emulated: false });
    call = gatewayHandlerOf(() => api.app) as typeof call;
  });

  it("serves the same routes from events of the REST API", async () => {
    const result = await call(event("POST", "/accounts", { body: labAccount }));
    expect(result.statusCode).toBe(201);
    expect(JSON.parse(result.body)).toMatchObject({ account_id: labAccount.account_id });
  });

  it("names the IAM caller in the audit", async () => {
    await call(event("POST", "/accounts", { body: labAccount }));
    const { items } = await listAudit(api.table, { limit: 1 });
    expect(items[0]?.actor).toBe(caller);
  });

  it("changes nothing for a caller that IAM did not name", async () => {
    const body = { engaged: true, reason: "Freeze" };
    const result = await call(event("PUT", "/kill-switch", { body, userArn: null }));
    expect(result.statusCode).toBe(403);
    const shown = await call(event("GET", "/kill-switch"));
    expect(JSON.parse(shown.body)).toMatchObject({ engaged: false });
  });

  it.each([
    ["POST", "/accounts", labAccount],
    ["PATCH", "/accounts/444455556666", { name: "x" }],
    ["DELETE", "/accounts/444455556666", undefined],
  ])("refuses %s %s before anything is done", async (method, path, body) => {
    if (method !== "POST") await call(event("POST", "/accounts", { body: labAccount }));
    const before = (await call(event("GET", "/accounts"))).body;
    const result = await call(event(method, path, { body, userArn: null }));
    expect(result.statusCode).toBe(403);
    expect((await call(event("GET", "/accounts"))).body).toBe(before);
  });

  it.each([
    "/notices/../kill-switch",
    "/notices/%2e%2E/kill-switch",
    "/./kill-switch",
    "/notices\\..\\kill-switch",
    "/%6bill-switch",
    "/kill%2Dswitch",
    "/kill\t-switch",
    "/kill-switch?/notices",
    "/kill-switch#/notices",
  ])("does not read %j as another path than the one that IAM has judged", async (path) => {
    const body = { engaged: true, reason: "Freeze" };
    const result = await call(event("PUT", path, { body }));
    expect(result.statusCode).toBe(400);
    expect(JSON.parse(result.body)).toMatchObject({ errors: [{ field: "path" }] });
    const shown = await call(event("GET", "/kill-switch"));
    expect(JSON.parse(shown.body)).toMatchObject({ engaged: false });
  });

  it("takes a slash and a blank in an id as they are encoded", async () => {
    const pool = "us-east-1%2Fuse1-az1%2Fm5.large%2FLinux%2FUNIX%20%28Amazon%20VPC%29";
    const result = await call(event("DELETE", `/risk/pools/${pool}/quarantine`));
    expect(JSON.parse(result.body)).not.toMatchObject({ errors: [{ field: "path" }] });
  });

  it("keeps the keys of two callers apart, and those of one role's sessions together", async () => {
    const headers = { "idempotency-key": "k" };
    const first = await call(event("POST", "/accounts", { body: labAccount, headers }));
    const session = `${caller}-2`;
    const same = await call(
      event("POST", "/accounts", { body: labAccount, headers, userArn: session }),
    );
    const userArn = "arn:aws:iam::111122223333:user/ben";
    const other = await call(event("POST", "/accounts", { body: labAccount, headers, userArn }));
    expect(same.body).toBe(first.body);
    expect(other.statusCode).toBe(409);
    expect(other.body).not.toContain("external_id");
  });
});

const operationIds = async (): Promise<readonly string[]> => {
  const { body } = await apiUnderTest().send("GET", "/openapi.json");
  const { paths } = body as { paths: Record<string, Record<string, { operationId: string }>> };
  return Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
};

interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly location: string | null;
  readonly text: string;
  readonly results: readonly RestApiResult[];
}

/** What a client sees, and what the function had answered. */
const ask = async (
  { method, path, body }: RouteRequest,
  change: Partial<RestApiOptions> = {},
  prefix = "/live",
): Promise<Seen> => {
  const { app } = await routeWorld();
  const handler = gatewayHandlerOf(() => app);
  const results: RestApiResult[] = [];
  const gateway = serveRestApi({
    ...asDeployed,
    ...change,
    handler: async (event) => {
      const result = await handler(event);
      results.push(result);
      return result;
    },
  });
  const request = new Request(`https://api.example.com${prefix}/api/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const response = await gateway(request);
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    location: response.headers.get("location"),
    text: await response.text(),
    results,
  };
};

describe("every route, through the function's own handler", () => {
  it("has its request here", async () => {
    expect(Object.keys(routeRequests).sort()).toEqual([...(await operationIds())].sort());
  });

  const routes = Object.entries(routeRequests);

  it.each(routes)("%s reaches the client as it was meant", async (name, request) => {
    const seen = await ask(request);
    expect([seen.status, request.status]).toEqual([request.status, request.status]);
    expect(seen.results).toEqual([expect.objectContaining({ isBase64Encoded: false })]);
    if (seen.status === 204) expect(seen.text).toBe("");
    else if (name === "getRoleTemplate") {
      expect(seen.type).toBe("application/yaml");
      expect(parse(seen.text)).toHaveProperty("Resources.SpotOptimizerRole");
    } else {
      expect(seen.type).toMatch(/^application\/(problem\+)?json$/);
      expect(JSON.parse(seen.text)).toBeInstanceOf(Object);
    }
    expect(seen.location?.startsWith("/live/api/v1/") ?? true).toBe(true);
    expect(seen.location === null).toBe(![201, 202].includes(seen.status));
  });

  const addresses: readonly (readonly [string, Partial<RestApiOptions>, string])[] = [
    ["with bodies in base64", { binaryMediaTypes: ["*/*"] }, "/live"],
    ["with a decoded path", { path: "DECODED" }, "/live"],
    ["on a domain", { address: { kind: "DOMAIN" } }, ""],
    ["on a domain with a base path", { address: { kind: "DOMAIN", basePath: "spot" } }, "/spot"],
  ];

  const usually = new Map<string, Promise<Seen>>();
  const askUsually = (name: string, request: RouteRequest): Promise<Seen> => {
    const seen = usually.get(name) ?? ask(request);
    usually.set(name, seen);
    return seen;
  };

  it.each(addresses)("is the same %s", async (_how, change, prefix) => {
    for (const [name, request] of routes) {
      const usual = await askUsually(name, request);
      const other = await ask(request, change, prefix);
      const comparable = ({ status, type, text, location }: Seen, begin: string) => ({
        name,
        status,
        type,
        text: text
          .replaceAll(`"${begin}/api/v1`, '"/api/v1')
          .replace(`"url":"${begin || "/"}"`, ""),
        location: location?.slice(begin.length),
      });
      expect(comparable(other, prefix)).toEqual(comparable(usual, "/live"));
    }
  });

  it("gives a location that leads to what was made", async () => {
    const { app } = await routeWorld();
    const gateway = serveRestApi({ ...asDeployed, handler: gatewayHandlerOf(() => app) });
    const url = "https://api.example.com/live/api/v1/accounts";
    const made = await gateway(
      new Request(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...labAccount, account_id: "777788889999" }),
      }),
    );
    const location = new URL(made.headers.get("location") ?? "", url);
    expect((await gateway(new Request(location))).status).toBe(200);
  });

  it("names the address that clients use in its OpenAPI document", async () => {
    const document = routeRequests["getOpenApiDocument"];
    if (document === undefined) throw new Error("The document has no request.");
    const { text } = await ask(document);
    expect(JSON.parse(text)).toMatchObject({ servers: [{ url: "/live" }] });
  });

  it("refuses an id whose digits are written as their codes: IAM has not judged it as that id", async () => {
    const path = "/accounts/%34%34%34%34%35%35%35%35%36%36%36%36";
    const seen = await ask({ method: "GET", path, status: 400 });
    expect(JSON.parse(seen.text)).toMatchObject({ errors: [{ field: "path" }] });
  });

  it.each(["/accounts/%", "/accounts/%ff", "/lab/instances/..%2f..%2faccounts", "/models/a%00b"])(
    "answers the path %s with a problem",
    async (path) => {
      const seen = await ask({ method: "GET", path, status: 400 });
      expect([400, 404]).toContain(seen.status);
      expect(seen.type).toBe("application/problem+json");
    },
  );

  it("refuses a query parameter that is given twice, by name", async () => {
    const seen = await ask({ method: "GET", path: "/accounts?limit=1&limit=2", status: 400 });
    expect(seen.status).toBe(400);
    expect(JSON.parse(seen.text)).toMatchObject({ errors: [{ field: "limit" }] });
  });

  it("answers a body that is needed and missing with a problem", async () => {
    const seen = await ask({ method: "POST", path: "/accounts", status: 422 });
    expect([seen.status, seen.type]).toEqual([422, "application/problem+json"]);
  });

  it("looks at no body of a GET, which no request can be made of", async () => {
    const { app } = await routeWorld();
    const result = await gatewayHandlerOf(() => app)({
      ...event("GET", "/accounts", { body: { a: 1 } }),
      body: "{}",
    });
    expect(result.statusCode).toBe(200);
  });
});
