/** The API on an in-memory table, with a clock that stands still and ids that count up. */
import {
  DescribeInstancesCommand,
  EC2Client,
  type DescribeInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DescribeClusterCommand, EKSClient, ResourceNotFoundException } from "@aws-sdk/client-eks";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { KMSClient } from "@aws-sdk/client-kms";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { atFirstUse } from "../../../core/at-first-use.ts";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { InstanceState } from "../../../core/model/instance.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { ApiContext } from "../../../lambdas/api/context.ts";
import { createApi } from "../../../lambdas/api/create-api.ts";
import { gatewayHandlerOf } from "../../../lambdas/api/gateway.ts";
import { requireDocumented } from "./documented.ts";
import { silentLog } from "../../../lambdas/runtime/log.ts";
import { serveRestApi, type RestApiOptions } from "../../../local/cloud/rest-api.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

/** As the stack deploys it, under its stage. */
export const asDeployed = {
  root: "/api/v1",
  stage: "live",
  address: { kind: "EXECUTE_API" },
} as const satisfies Partial<RestApiOptions>;

export const startOfTime = new Date("2026-03-01T12:00:00.000Z");
export const stateMachineArn = "arn:aws:states:eu-central-1:111122223333:stateMachine:linear";
export const eventBusArn = "arn:aws:events:us-east-1:111122223333:event-bus/spot-optimizer-prod";
export const trustedRolePattern = "arn:aws:iam::111122223333:role/spot-optimizer/prod/customer/*";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: never;
}

const client = { region: "eu-central-1", credentials: { accessKeyId: "x", secretAccessKey: "y" } };

/** With members that are made when they are asked for. */
const withGetters = <Made extends object, Makers extends Readonly<Record<string, () => unknown>>>(
  made: Made,
  makers: Makers,
): Made & { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> } => {
  for (const [name, get] of Object.entries(makers)) {
    Object.defineProperty(made, name, { get, enumerable: true });
  }
  return made as Made & { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> };
};

/** Clients whose answers a test gives: it asks two or three, and each is made when it is first asked for. */
const mockedClients = (startFailures: Error[]) => ({
  sts: atFirstUse(() => {
    const made = new STSClient(client);
    return { client: made, mock: mockClient(made) };
  }),
  sfn: atFirstUse(() => {
    const made = new SFNClient(client);
    const mock = mockClient(made);
    mock.on(StartExecutionCommand).callsFake((input: { name: string }) => {
      const failure = startFailures.shift();
      if (failure !== undefined) throw failure;
      return {
        executionArn: `arn:aws:states:eu-central-1:111122223333:execution:linear:${input.name}`,
      };
    });
    return { client: made, mock };
  }),
  lambda: atFirstUse(() => {
    const made = new LambdaClient(client);
    const mock = mockClient(made);
    mock.on(InvokeCommand).resolves({ StatusCode: 202 });
    return { client: made, mock };
  }),
  ec2: atFirstUse(() => {
    const made = new EC2Client(client);
    const mock = mockClient(made);
    // EC2 shows whatever it is asked for, as the targets of these tests describe it.
    mock
      .on(DescribeInstancesCommand)
      .callsFake(({ Filters: [filter] = [] }: DescribeInstancesCommandInput) => ({
        Reservations: (filter?.Values ?? []).map((InstanceId) => ({
          Instances: [
            {
              InstanceId,
              InstanceType: "m5.large",
              Placement: { AvailabilityZone: "eu-central-1a" },
              State: { Name: "running" },
            },
          ],
        })),
      }));
    return { client: made, mock };
  }),
  eks: atFirstUse(() => {
    const made = new EKSClient(client);
    const mock = mockClient(made);
    mock
      .on(DescribeClusterCommand)
      .rejects(new ResourceNotFoundException({ message: "No cluster found.", $metadata: {} }));
    return { client: made, mock };
  }),
});

export const apiUnderTest = (change: Partial<ApiContext> = {}) => {
  const table: Table = change.table ?? createMemoryTable();
  const startFailures: Error[] = [];
  const { sts, sfn, lambda, ec2, eks } = mockedClients(startFailures);
  const customer = withGetters(
    {},
    {
      ec2: () => ec2().client,
      eks: () => eks().client,
      autoScaling: atFirstUse(() => new AutoScalingClient(client)),
      kms: atFirstUse(() => new KMSClient(client)),
      serviceQuotas: atFirstUse(() => new ServiceQuotasClient(client)),
    },
  );
  let count = 0;
  let now = startOfTime;
  const context: ApiContext = {
    now: () => now,
    table,
    get sts() {
      return sts().client;
    },
    get sfn() {
      return sfn().client;
    },
    get lambda() {
      return lambda().client;
    },
    preflightPlaceArn: "arn:aws:lambda:eu-central-1:111122223333:function:preflight-place",
    workflowOf: (mode) => (mode === "KUBERNETES" ? undefined : stateMachineArn),
    customer: () => Promise.resolve(customer),
    randomId: () => {
      count += 1;
      return String(count).padStart(20, "0");
    },
    log: silentLog,
    emulated: true,
    version: "0.1.0",
    ownAccountId: "111122223333",
    region: "eu-central-1",
    trustedRolePattern,
    eventBusArn,
    seal: (accountId, secret) =>
      Promise.resolve(Buffer.from(`${accountId} ${secret}`).toString("base64")),
    roleNamed: (roleName) => Promise.reject(new Error(`This test knows no role ${roleName}.`)),
    ...change,
  };
  const app = createApi(context);
  const gateway = serveRestApi({ ...asDeployed, handler: gatewayHandlerOf(() => app) });
  const send = async (
    method: string,
    path: string,
    ...[body, headers = {}]: [body?: unknown, headers?: Readonly<Record<string, string>>]
  ): Promise<Answer> => {
    const request = new Request(`https://api.example.com/live/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await gateway(request);
    const text = await response.text();
    requireDocumented(app, { method, path, status: response.status });
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as never,
    };
  };
  const pass = (seconds: number): void => {
    now = new Date(now.getTime() + seconds * 1000);
  };
  /** The next StartExecution gives this error. */
  const failStart = (error: Error): void => {
    startFailures.push(error);
  };
  const made = { app, context, table, send, pass, failStart };
  return withGetters(made, {
    sts: () => sts().mock,
    sfn: () => sfn().mock,
    lambda: () => lambda().mock,
    ec2: () => ec2().mock,
    eks: () => eks().mock,
  });
};

export type ApiUnderTest = ReturnType<typeof apiUnderTest>;

export const labAccount = {
  account_id: "444455556666",
  name: "Payments lab",
  environment: "LAB",
  regions: ["eu-central-1"],
};

export const webTarget = {
  account_id: "444455556666",
  instance_id: "i-0a1b2c3d4e5f60718",
  instance_type: "m5.large",
  availability_zone: "eu-central-1a",
  pipeline_mode: "LINEAR",
};

export const asgTag = "aws:autoscaling:groupName";

/** As AWS tags a node of node group `workers` of cluster `prod-eu`, whose Auto Scaling group is `web-blue`. */
export const memberTags = {
  [asgTag]: "web-blue",
  "eks:cluster-name": "prod-eu",
  "eks:nodegroup-name": "workers",
};

/** EC2 shows each instance that is asked for, with these tags and in this state. The account is ACTIVE. */
export const showMembers = async (
  api: ApiUnderTest,
  tags: Readonly<Record<string, string>> = memberTags,
  state: InstanceState = "running",
): Promise<void> => {
  const accountId = accountIdSchema.parse(labAccount.account_id);
  await updateAccount(api.table, accountId, (account) => ({ ...account, status: "ACTIVE" }));
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  api.ec2
    .on(DescribeInstancesCommand)
    .callsFake(({ Filters: [filter] = [] }: DescribeInstancesCommandInput) => ({
      Reservations: (filter?.Values ?? []).map((InstanceId) => ({
        Instances: [{ InstanceId, State: { Name: state }, Tags }],
      })),
    }));
};

/** An account and one target; gives the target's id. */
export const withTarget = async (api: ApiUnderTest, change: object = {}): Promise<string> => {
  await api.send("POST", "/accounts", labAccount);
  const created = await api.send("POST", "/lab/instances", { ...webTarget, ...change });
  return (created.body as { target_id: string }).target_id;
};
