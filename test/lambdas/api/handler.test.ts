/** The function as Lambda loads it: its own handler, its own clients, a table and a cloud behind real connections. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createDynamoTable } from "../../../adapters/store/dynamo-table.ts";
import { trustedRolePattern } from "../../../lambdas/access/role-path.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { serveRestApi } from "../../../local/cloud/rest-api.ts";
import { seededMarket } from "../../../local/cloud/market/seeded.ts";
import { applyRoleTemplate } from "../../../local/platform/customer-account.ts";
import {
  createTables,
  startDynalite,
  type RunningDynalite,
} from "../../../local/platform/dynalite.ts";
import { createPlatform, type Platform } from "../../../local/platform/platform.ts";
import { addStarterFleet } from "../../../local/platform/starter-fleet.ts";
import { serveCloud, type CloudServer } from "../../../local/wire/front/http.ts";
import { asDeployed, labAccount, webTarget } from "./api-under-test.ts";

const accountId = labAccount.account_id;
const region = "us-east-1";
const tableName = "handler-test";
const caller = "arn:aws:sts::111122223333:assumed-role/Operator/anna";

let store: RunningDynalite;
let client: DynamoDBClient;
let platform: Platform;
let server: CloudServer;
let gateway: (request: Request) => Promise<Response>;
const before: Record<string, string | undefined> = {};

const setEnvironment = (variables: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
};

beforeAll(async () => {
  store = await startDynalite();
  const credentials = { accessKeyId: "x", secretAccessKey: "y" };
  client = new DynamoDBClient({ endpoint: store.endpoint, region, credentials });
  await createTables(client, tableName);
  platform = createPlatform({
    clock: new VirtualClock(Date.now()),
    seed: 1,
    market: seededMarket({ seed: 1 }),
    table: createDynamoTable({ client, tableName }),
    version: "test",
  });
  server = await serveCloud(platform.cloud);
  const roleArn = platform.functions.roleArns.api;
  const session = platform.cloud.identities.openSession({ roleArn, sessionName: "api" });
  const { ownAccountId } = platform.cloud.identities;
  const variables = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken ?? "",
    AWS_ENDPOINT_URL: server.url,
    AWS_ENDPOINT_URL_DYNAMODB: store.endpoint,
    TABLE_NAME: tableName,
    ADVISOR_FEED_URL: `${server.url}/advisor`,
    METRICS_NAMESPACE: "SpotOptimizer/local",
    LINEAR_STATE_MACHINE_ARN: platform.workflowOf("LINEAR") ?? "",
    CLUSTER_STATE_MACHINE_ARN: platform.workflowOf("CLUSTER") ?? "",
    OWN_ACCOUNT_ID: ownAccountId,
    PRODUCT_VERSION: "9.9.9",
    EVENT_BUS_ARN: "arn:aws:events:us-east-1:111122223333:event-bus/spot-optimizer-local",
    WEBHOOK_KEY_ARN: "arn:aws:kms:us-east-1:111122223333:key/webhooks",
    PREFLIGHT_PLACE_FUNCTION_ARN: "arn:aws:lambda:us-east-1:111122223333:function:preflight-place",
    TRUSTED_ROLE_PATTERN: trustedRolePattern({
      partition: "aws",
      accountId: ownAccountId,
      stage: "local",
    }),
  };
  for (const name of Object.keys(variables)) before[name] = process.env[name];
  setEnvironment(variables);
  const { handler } = await import("../../../lambdas/api/handler.ts");
  gateway = serveRestApi({
    ...asDeployed,
    handler,
    callerOf: () => ({ userArn: caller }),
  });
});

afterAll(async () => {
  setEnvironment(before);
  await server.close();
  client.destroy();
  await store.close();
});

const send = async (method: string, path: string, body?: unknown) => {
  const response = await gateway(
    new Request(`https://x.execute-api.example/live/api/v1${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe("the deployed handler", () => {
  it("leads through the first steps of the README, from the account to an evaluation", async () => {
    const [instance] = addStarterFleet(platform).instances;
    const account = { ...labAccount, regions: [region] };
    expect((await send("POST", "/accounts", account)).status).toBe(201);
    const template = await send("GET", `/accounts/${accountId}/role-template`);
    expect(template.headers.get("content-type")).toBe("application/yaml");
    applyRoleTemplate(platform.cloud, { accountId, yaml: template.text });
    const verified = await send("POST", `/accounts/${accountId}/verify`);
    expect(JSON.parse(verified.text)).toMatchObject({ verified: true, status: "ACTIVE" });
    const target = {
      ...webTarget,
      instance_id: instance?.instanceId,
      instance_type: instance?.instanceType,
      availability_zone: instance?.zoneName,
    };
    expect((await send("POST", "/lab/instances", target)).status).toBe(201);
    const started = await send("POST", `/lab/instances/${String(target.instance_id)}/evaluate`);
    expect(started.status).toBe(202);
    const location = started.headers.get("location")?.slice("/live/api/v1".length) ?? "";
    expect(JSON.parse((await send("GET", location)).text)).toMatchObject({ started_by: "api" });
    expect(JSON.parse((await send("GET", "/health")).text)).toMatchObject({
      status: "ok",
      version: "9.9.9",
      emulated: false,
    });
  });
});
