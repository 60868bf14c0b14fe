import { beforeEach, describe, expect, it } from "@jest/globals";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { handle } from "hono/aws-lambda";
import { listAudit } from "../../../adapters/store/audit.ts";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";

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
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Hono 4 carries it; its successor package is for Hono 5.
    const handler = handle(api.app);
    call = (input) => handler(input as never);
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
