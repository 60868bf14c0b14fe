/**
 * The whole product on a laptop: simulated cloud, state table, interpreter with the deployed workflow, functions,
 * control API. With a virtual clock in tests and demo, with the real one under `npm start`.
 */
import type { Table } from "../../adapters/store/table.ts";
import { functionNames, isStepName } from "../../lambdas/access/functions.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { StartContext } from "../../lambdas/evaluation/start.ts";
import { readRole } from "../../adapters/aws/iam.ts";
import { seal } from "../../adapters/aws/sealed.ts";
import { apiBasePath } from "../../lambdas/api/context.ts";
import { gatewayHandlerOf } from "../../lambdas/api/gateway.ts";
import { apiByNoun, loadNouns } from "../../lambdas/api/nouns.ts";
import { base32Id } from "../../core/random-id.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import { trustedRolePattern } from "../../lambdas/access/role-path.ts";
import { silentLog, type Log } from "../../lambdas/runtime/log.ts";
import { workflowName, workflows, type WorkflowMode } from "../../statemachines/workflows.ts";
import type { AutoScaling } from "../cloud/autoscaling/service.ts";
import type { AutoScalingSettings } from "../cloud/autoscaling/settings.ts";
import { createAdvisorFeed, type AdvisorFeed } from "../cloud/market/advisor-feed.ts";
import { createCloud, type Cloud } from "../cloud/dispatch.ts";
import { serveRestApi } from "../cloud/rest-api.ts";
import type { Ec2 } from "../cloud/ec2/service.ts";
import type { Ec2Settings } from "../cloud/ec2/settings.ts";
import type { ClassicElb } from "../cloud/elb/classic.ts";
import type { Elb } from "../cloud/elb/service.ts";
import type { Eks } from "../cloud/eks/service.ts";
import type { EventBridge } from "../cloud/eventbridge/service.ts";
import type { EventBridgeSettings } from "../cloud/eventbridge/settings.ts";
import type { Fis } from "../cloud/fis/service.ts";
import type { KubeSettings } from "../cloud/kubernetes/settings.ts";
import type { Market } from "../cloud/market/market.ts";
import type { Kms } from "../cloud/kms/service.ts";
import type { BackupService } from "../cloud/backup/service.ts";
import type { EcsService } from "../cloud/ecs/service.ts";
import type { Monitoring } from "../cloud/monitoring/service.ts";
import type { Route53 } from "../cloud/route53/service.ts";
import type { ServiceQuotas } from "../cloud/service-quotas/service.ts";
import { createPublicNetwork, type PublicNetwork } from "../cloud/public-network.ts";
import type { CloudFormation } from "../cloud/cloudformation/service.ts";
import type { Queues } from "../cloud/sqs/queues.ts";
import { createBilling, type Billing } from "../cloud/billing/service.ts";
import type { Pricing } from "../cloud/pricing/service.ts";
import type { ResourceGroups } from "../cloud/resource-groups/service.ts";
import type { Sns } from "../cloud/sns/service.ts";
import type { Ssm } from "../cloud/ssm/service.ts";
import { createIam } from "../cloud/iam/service.ts";
import { createSts } from "../cloud/sts/service.ts";
import type { Clock } from "../cloud/clock.ts";
import { lambdaService, type NewCode } from "./code.ts";
import { Events } from "./events.ts";
import { deployOwnEvents, type OwnEvents } from "./own-events.ts";
import { deployOwnNotices, webhookKeyArnIn } from "./own-notices.ts";
import { simulate } from "./simulated-services.ts";
import { simulateTelling, type Telling } from "./telling.ts";
import {
  createFunctions,
  homeRegion,
  localStage,
  type Around,
  type LocalFunctions,
} from "./functions.ts";
import { createInterpreter, type Interpreter } from "../interpreter/interpreter.ts";
import { sfnService } from "../interpreter/sfn-service.ts";
import { loadClients, type Front } from "../wire/front/client-config.ts";
import { createMemoryTable } from "./memory-table.ts";
import { createRandom } from "../cloud/random.ts";

export type { Front };

export interface PlatformOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly market: Market;
  /** State of the product and of the workflows. Default: in memory. */
  readonly table?: Table;
  /** Through the bytes of the wire protocol, or without. Default: through them. */
  readonly front?: Front;
  readonly settings?: Partial<Ec2Settings>;
  readonly autoScaling?: Partial<AutoScalingSettings>;
  readonly kubernetes?: Partial<KubeSettings>;
  readonly eventBridge?: Partial<EventBridgeSettings>;
  /** EC2's request buckets. Default: on. */
  readonly throttle?: boolean;
  readonly log?: Log;
  readonly version: string;
  /** For the ids that we give. Default: from the seed, so that a run repeats; a platform that keeps state must not repeat ids. */
  readonly randomBytes?: (count: number) => Uint8Array;
  /** How many calls the cloud's journal keeps, the youngest. Default: all. */
  readonly keptCalls?: number;
  /** The cloud is played again call by call: what a call draws depends on it alone. Default: false. */
  readonly drawsPerCall?: boolean;
  /** Of an access key of the cloud, by its id. Default: from the seed; a platform with an open port must not tell them so. */
  readonly secretOf?: (accessKeyId: string) => string;
  /** What stands between functions and the rest. Default: nothing. */
  readonly around?: Around;
}

/** The API's function. */
interface ControlApi {
  /** What API Gateway invokes. A test may put another function in front of it. */
  answer: ReturnType<typeof gatewayHandlerOf>;
}

export interface Platform {
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly ec2: Ec2;
  readonly elb: Elb;
  readonly classicElb: ClassicElb;
  readonly autoScaling: AutoScaling;
  readonly eks: Eks;
  /** Experiments that customers make. */
  readonly fis: Fis;
  readonly eventBridge: EventBridge;
  readonly queues: Queues;
  /** What our stack has of these. */
  readonly ownEvents: OwnEvents;
  readonly resourceGroups: ResourceGroups;
  readonly cloudFormation: CloudFormation;
  readonly kms: Kms;
  readonly sns: Sns;
  readonly ssm: Ssm;
  readonly monitoring: Monitoring;
  readonly pricing: Pricing;
  /** What customers pay for what they use, by the cloud's own books. */
  readonly billing: Billing;
  readonly backup: BackupService;
  readonly ecs: EcsService;
  readonly route53: Route53;
  readonly serviceQuotas: ServiceQuotas;
  readonly feed: AdvisorFeed;
  readonly network: PublicNetwork;
  readonly table: Table;
  readonly functions: LocalFunctions;
  /** What functions were handed that nobody waits for. */
  readonly events: Pick<Events, "failures">;
  readonly interpreter: Interpreter;
  readonly workflowOf: StartContext["workflowOf"];
  readonly api: ControlApi;
  /** The API as its callers reach it: through API Gateway and the function's own handler. */
  readonly gateway: (request: Request) => Promise<Response>;
  /** A deployment: publishes these functions, and lets what starts from now on name the new versions. */
  readonly deploy: (code: NewCode) => void;
}

/** A call of an AWS API from Lambda in the same region takes this long; slower ones are rare. */
const callMs = [20, 90] as const;

/** A warm Lambda starts within milliseconds; Step Functions adds its own share to each Task. */
const invocationMs = 60;

const stateMachineName = (mode: WorkflowMode): string =>
  `spot-optimizer-local-${workflowName(mode)}`;

const isDeployed = (mode: PipelineMode): mode is WorkflowMode => Object.hasOwn(workflows, mode);

/** Known before the interpreter is there, which invokes the functions that are told them. */
const workflowsIn =
  ({ identities }: Cloud): StartContext["workflowOf"] =>
  (mode) =>
    isDeployed(mode)
      ? `arn:aws:states:${homeRegion}:${identities.ownAccountId}:stateMachine:${stateMachineName(mode)}`
      : undefined;

/** As a deployment does: each placeholder becomes the newest version of its function. */
const registerWorkflows = (interpreter: Interpreter, { code }: LocalFunctions): void => {
  const substitutions = Object.fromEntries(
    functionNames.filter(isStepName).map((name) => [placeholderOf(name), code.newest(name)]),
  );
  for (const mode of Object.keys(workflows) as WorkflowMode[]) {
    interpreter.register({
      name: stateMachineName(mode),
      definition: workflows[mode],
      substitutions,
    });
  }
};

const createControlApi = (
  { cloud, table, options }: { cloud: Cloud; table: Table; options: PlatformOptions },
  functions: LocalFunctions,
  parts: {
    readonly workflowOf: StartContext["workflowOf"];
    readonly randomId: () => string;
    readonly ownEvents: OwnEvents;
  },
): ControlApi => {
  const context = functions.contextOf("api");
  const kms = functions.kmsOf("api");
  const keyArn = webhookKeyArnIn({
    accountId: cloud.identities.ownAccountId,
    region: homeRegion,
  });
  const appFor = apiByNoun({
    now: context.now,
    table,
    sts: functions.stsOf("api"),
    customer: context.customer,
    log: context.log,
    sfn: functions.workflowsOf("api"),
    lambda: functions.lambdaOf("api"),
    preflightPlaceArn: functions.code.arnOf("schedule-preflight-place"),
    workflowOf: parts.workflowOf,
    randomId: parts.randomId,
    emulated: true,
    version: options.version,
    ownAccountId: cloud.identities.ownAccountId,
    region: homeRegion,
    eventBusArn: parts.ownEvents.eventBusArn,
    roleNamed: (roleName) => readRole(functions.iamOf("api"), roleName),
    seal: (accountId, secret) => seal(kms, { keyArn, accountId }, secret),
    trustedRolePattern: trustedRolePattern({
      partition: "aws",
      accountId: cloud.identities.ownAccountId,
      stage: localStage,
    }),
  });
  return { answer: gatewayHandlerOf(appFor) };
};

/** Of the ids that we give. */
export const seededBytes = (seed: number): ((count: number) => Uint8Array) => {
  const ids = createRandom(seed).fork("ids");
  return (count) => Uint8Array.from({ length: count }, () => ids.integer(0, 255));
};

/** On a domain without a base path, so that addresses are those of the API itself. */
const gatewayOf = (api: ControlApi): Platform["gateway"] =>
  serveRestApi({
    handler: (event) => api.answer(event),
    root: apiBasePath,
    stage: localStage,
    address: { kind: "DOMAIN" },
  });

const deployTo =
  (
    interpreter: Parameters<typeof registerWorkflows>[0],
    functions: Parameters<typeof registerWorkflows>[1],
  ): Platform["deploy"] =>
  (code: NewCode) => {
    functions.code.publish(code);
    registerWorkflows(interpreter, functions);
  };

/** As our stack does: what customers' accounts forward is handed to the function that hears of interruptions; and what notices go by. */
const hearEvents = (
  { clock, identities }: Cloud,
  parts: {
    readonly telling: Telling;
    readonly functions: LocalFunctions;
    readonly events: Events;
    readonly kms: Kms;
  },
): OwnEvents => {
  const place = { accountId: identities.ownAccountId, region: homeRegion };
  deployOwnNotices(place, { eventBridge: parts.telling.eventBridge, kms: parts.kms });
  return deployOwnEvents({
    clock,
    place,
    ...parts.telling,
    receive: (event) => parts.functions.invoke("interruption-receive", event),
    failed: parts.events.failed,
  });
};

/** Before the first of a process, so that it is as any other. */
export const preparePlatform = async (): Promise<void> => {
  await loadClients();
  await loadNouns();
};

const cloudOf = (options: PlatformOptions): Cloud => createCloud({ ...options, latencyMs: callMs });

export const createPlatform = (options: PlatformOptions): Platform => {
  const { clock, seed, market } = options;
  const table = options.table ?? createMemoryTable();
  const bytes = options.randomBytes ?? seededBytes(seed);
  const randomId = (): string => base32Id(bytes);
  const cloud = cloudOf(options);
  const simulated = simulate(cloud, options);
  const telling = simulateTelling(cloud, simulated, options.eventBridge);
  cloud.serve(createSts(cloud), createIam(cloud), telling.eventBridge, ...Object.values(simulated));
  const workflowOf = workflowsIn(cloud);
  const feed = createAdvisorFeed(market);
  const network = createPublicNetwork(feed);
  const functions = createFunctions({
    cloud,
    clusterAt: (endpoint) => simulated.eks.control.at(endpoint),
    feed,
    network,
    table,
    front: options.front ?? "in-process",
    log: options.log ?? silentLog,
    randomId,
    workflowOf,
    ...(options.around === undefined ? {} : { around: options.around }),
  });
  const interpreter = createInterpreter({
    clock,
    table,
    region: homeRegion,
    accountId: cloud.identities.ownAccountId,
    random: cloud.random.fork("workflows"),
    invoke: async (arn, payload) => {
      await clock.pass(invocationMs);
      return functions.invoke(functions.code.find(arn).name, payload, arn);
    },
  });
  const events = new Events(clock, (name, event) => functions.invoke(name, event));
  const ownEvents = hearEvents(cloud, { telling, functions, events, kms: simulated.kms });
  cloud.serve(sfnService(interpreter), lambdaService(functions.code, events));
  registerWorkflows(interpreter, functions);
  const apiParts = { workflowOf, randomId, ownEvents };
  const api = createControlApi({ cloud, table, options }, functions, apiParts);
  return {
    clock,
    cloud,
    ...simulated,
    ...telling,
    billing: createBilling(simulated.ec2.metered),
    ownEvents,
    feed,
    network,
    table,
    functions,
    events,
    interpreter,
    workflowOf,
    api,
    gateway: gatewayOf(api),
    deploy: deployTo(interpreter, functions),
  };
};
