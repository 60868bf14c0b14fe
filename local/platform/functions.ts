/** Our Lambdas on a laptop: by name, each under a role of its own that may do no more than on AWS. */
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { BackupClient } from "@aws-sdk/client-backup";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EKSClient } from "@aws-sdk/client-eks";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { PricingClient } from "@aws-sdk/client-pricing";
import { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Route53Client } from "@aws-sdk/client-route-53";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { clusterOpener } from "../../adapters/kubernetes/client.ts";
import type { Table } from "../../adapters/store/table.ts";
import { functionNames, functionRows, type FunctionName } from "../../lambdas/access/functions.ts";
import { functionRoleName, functionRolePath } from "../../lambdas/access/role-path.ts";
import type { ClientName, CustomerClientName, StepContext } from "../../lambdas/runtime/context.ts";
import { createCustomerAccess, type ClientMakers } from "../../lambdas/runtime/customer-access.ts";
import type { StartContext } from "../../lambdas/evaluation/start.ts";
import type { Log } from "../../lambdas/runtime/log.ts";
import { runStep } from "../../lambdas/runtime/step.ts";
import type { AdvisorFeed } from "../cloud/market/advisor-feed.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { PublicNetwork } from "../cloud/public-network.ts";
import { Environments } from "./environments.ts";
import { cloudOfTheLiving, clusterOfTheLiving, tableOfTheLiving } from "./invocation.ts";
import { Code } from "./code.ts";
import type { AnyStep } from "./steps.ts";
import { eventBusName } from "./own-events.ts";
import { localWebhooks, noticeBusName, webhookKeyArnIn } from "./own-notices.ts";
import { localClient, type Front } from "../wire/front/client-config.ts";
import { kubernetesInProcess } from "../wire/front/kubernetes-in-process.ts";

/** The region that our own account works in. */
export const homeRegion = "us-east-1";

/** In links: by what name the API is reached on a laptop is not known to a function. */
const localApiUrl = "http://localhost/api/v1";

/** Stands where a deployment has `prod` or `staging`. */
export const localStage = "local";

export interface FunctionsOptions {
  readonly cloud: Cloud;
  /** By the address that DescribeCluster tells. */
  readonly clusterAt: (endpoint: string) => KubeCluster | undefined;
  readonly feed: AdvisorFeed;
  readonly network: PublicNetwork;
  readonly table: Table;
  readonly front: Front;
  readonly log: Log;
  readonly randomId: () => string;
  readonly workflowOf: StartContext["workflowOf"];
  /** What stands between functions and the rest. Default: nothing. */
  readonly around?: Around;
}

type ClusterAt = FunctionsOptions["clusterAt"];

/** Of all functions: their cloud, its clusters and their table as it gives them, and how a step is run. */
export interface Around {
  cloud(cloud: Cloud): Cloud;
  table(table: Table): Table;
  clusterAt(clusterAt: ClusterAt): ClusterAt;
  run(
    step: AnyStep,
    context: StepContext<ClientName> & StartContext,
    event: unknown,
  ): Promise<unknown>;
}

const nothingAround: Around = {
  cloud: (cloud) => cloud,
  table: (table) => table,
  clusterAt: (clusterAt) => clusterAt,
  run: runStep,
};

export interface LocalFunctions {
  /**
   * @param arn of a published version; absent: the newest
   * @throws what the step throws; FunctionKilled for one that was killed; Error for an unknown name. A test may put
   * another function in front of it.
   */
  invoke: (name: string, payload: unknown, arn?: string) => Promise<unknown>;
  readonly code: Code;
  contextOf(name: FunctionName): StepContext<ClientName>;
  stsOf(name: FunctionName): STSClient;
  workflowsOf(name: FunctionName): SFNClient;
  lambdaOf(name: FunctionName): LambdaClient;
  kmsOf(name: FunctionName): KMSClient;
  iamOf(name: FunctionName): IAMClient;
  readonly roleArns: Readonly<Record<FunctionName, string>>;
}

const createRoles = ({ cloud }: FunctionsOptions): Readonly<Record<FunctionName, string>> => {
  const { identities } = cloud;
  const roles = functionNames.map((name) => {
    const role = identities.addRole({
      accountId: identities.ownAccountId,
      name: functionRoleName(localStage, name),
      path: functionRolePath(localStage, functionRows[name]),
      trustedPrincipals: [],
      trustedServices: ["lambda.amazonaws.com"],
      allow: functionRows[name].own,
    });
    return [name, role.arn] as const;
  });
  return Object.fromEntries(roles) as Record<FunctionName, string>;
};

/** A cluster that only the living can ask. */
const clustersOf = (options: FunctionsOptions): ClientMakers<"kubernetes"> => {
  const { cloud, around = nothingAround } = options;
  const find = around.clusterAt(options.clusterAt);
  const clusterAt = (endpoint: string): KubeCluster | undefined => {
    const cluster = find(endpoint);
    return cluster === undefined ? undefined : clusterOfTheLiving(cluster);
  };
  return { kubernetes: clusterOpener(kubernetesInProcess({ clock: cloud.clock, clusterAt })) };
};

/** Each with the credentials of a customer's role. */
const customerClients = (
  cloud: Cloud,
  front: Front,
): ClientMakers<Exclude<CustomerClientName, "kubernetes">> => ({
  autoScaling: (region, credentials) =>
    localClient(AutoScalingClient, cloud, { region, front, credentials }),
  ec2: (region, credentials) => localClient(EC2Client, cloud, { region, front, credentials }),
  ecs: (region, credentials) => localClient(ECSClient, cloud, { region, front, credentials }),
  eks: (region, credentials) => localClient(EKSClient, cloud, { region, front, credentials }),
  elb: (region, credentials) =>
    localClient(ElasticLoadBalancingV2Client, cloud, { region, front, credentials }),
  classicElb: (region, credentials) =>
    localClient(ElasticLoadBalancingClient, cloud, { region, front, credentials }),
  backup: (region, credentials) => localClient(BackupClient, cloud, { region, front, credentials }),
  cloudFormation: (region, credentials) =>
    localClient(CloudFormationClient, cloud, { region, front, credentials }),
  cloudWatch: (region, credentials) =>
    localClient(CloudWatchClient, cloud, { region, front, credentials }),
  ssm: (region, credentials) => localClient(SSMClient, cloud, { region, front, credentials }),
  resourceGroups: (region, credentials) =>
    localClient(ResourceGroupsClient, cloud, { region, front, credentials }),
  kms: (region, credentials) => localClient(KMSClient, cloud, { region, front, credentials }),
  route53: (region, credentials) =>
    localClient(Route53Client, cloud, { region, front, credentials }),
  sns: (region, credentials) => localClient(SNSClient, cloud, { region, front, credentials }),
  serviceQuotas: (region, credentials) =>
    localClient(ServiceQuotasClient, cloud, { region, front, credentials }),
});

/** Each with the credentials of the function's own role. */
const ownClients = (
  cloud: Cloud,
  optionsOf: (name: FunctionName) => Parameters<typeof localClient>[2],
) => ({
  workflowsOf: (name: FunctionName) => localClient(SFNClient, cloud, optionsOf(name)),
  lambdaOf: (name: FunctionName) => localClient(LambdaClient, cloud, optionsOf(name)),
  stsOf: (name: FunctionName) => localClient(STSClient, cloud, optionsOf(name)),
  eventBridgeOf: (name: FunctionName) => localClient(EventBridgeClient, cloud, optionsOf(name)),
  kmsOf: (name: FunctionName) => localClient(KMSClient, cloud, optionsOf(name)),
  iamOf: (name: FunctionName) => localClient(IAMClient, cloud, optionsOf(name)),
});

/** Of the two that work with our buses. */
const busParts = (
  name: FunctionName,
  { eventBridgeOf, kmsOf }: ReturnType<typeof ownClients>,
  { cloud, network }: Pick<FunctionsOptions, "cloud" | "network">,
) => {
  if (name === "interruption-open-bus") return { eventBridge: eventBridgeOf(name), eventBusName };
  if (name !== "notice-deliver") return {};
  return {
    eventBridge: eventBridgeOf(name),
    noticeBusName,
    kms: kmsOf(name),
    webhookKeyArn: webhookKeyArnIn({
      accountId: cloud.identities.ownAccountId,
      region: homeRegion,
    }),
    postWebhook: localWebhooks(network),
    apiUrl: localApiUrl,
  };
};

const runCode = (
  environments: Environments,
  { name, step }: ReturnType<Code["find"]>,
  payload: unknown,
): Promise<unknown> => environments.run(name, step, payload);

export const createFunctions = (options: FunctionsOptions): LocalFunctions => {
  const { feed, network, front, log, around = nothingAround } = options;
  const cloud = cloudOfTheLiving(around.cloud(options.cloud));
  const table = tableOfTheLiving(around.table(options.table));
  const now = (): Date => new Date(cloud.clock.now());
  const roleArns = createRoles(options);

  const ownOptions = (name: FunctionName, region: string) => ({
    region,
    front,
    credentials: cloud.identities.openSession({ roleArn: roleArns[name], sessionName: name }),
  });

  const own = ownClients(cloud, (name) => ownOptions(name, homeRegion));
  const { workflowsOf, lambdaOf, stsOf, kmsOf, iamOf } = own;

  const contextOf = (name: FunctionName): StepContext<ClientName> => ({
    now,
    pause: (milliseconds) => options.cloud.clock.wait(milliseconds),
    table,
    log,
    fetch: network.fetch,
    connect: network.connect,
    advisorFeedUrl: `https://advisor.local${feed.path}`,
    pricing: localClient(PricingClient, cloud, ownOptions(name, homeRegion)),
    marketEc2: (region) => localClient(EC2Client, cloud, ownOptions(name, region)),
    ...createCustomerAccess({
      sts: stsOf(name),
      now,
      makers: { ...customerClients(cloud, front), ...clustersOf(options) },
    }),
  });

  const startParts = (name: FunctionName) => ({
    sfn: workflowsOf(name),
    lambda: lambdaOf(name),
    randomId: options.randomId,
    workflowOf: options.workflowOf,
    placeSweeperArn: code.arnOf("schedule-sweep-place"),
    markRestorerArn: code.arnOf("schedule-restore-marks"),
  });

  const code = new Code({
    clock: cloud.clock,
    arnPrefix: `arn:aws:lambda:${homeRegion}:${cloud.identities.ownAccountId}:function:spot-optimizer-${localStage}-`,
  });

  const environments = new Environments((name, step) => {
    // Only what runs on a schedule, and what hears of interruptions, starts evaluations and asks for these parts.
    const starts = functionRows[name].room === "schedule" || name === "interruption-receive";
    const parts = { ...(starts ? startParts(name) : {}), ...busParts(name, own, options) };
    const context = { ...contextOf(name), ...parts } as StepContext<ClientName> & StartContext;
    return (event) => around.run(step, context, event);
  });

  return {
    roleArns,
    contextOf,
    stsOf,
    workflowsOf,
    lambdaOf,
    kmsOf,
    iamOf,
    code,
    invoke: async (name, payload, arn = name) => runCode(environments, code.find(arn), payload),
  };
};
