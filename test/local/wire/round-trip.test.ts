import { isDeepStrictEqual } from "node:util";
import * as autoScaling from "@aws-sdk/client-auto-scaling";
import * as backup from "@aws-sdk/client-backup";
import * as cloudFormation from "@aws-sdk/client-cloudformation";
import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as ecs from "@aws-sdk/client-ecs";
import * as eks from "@aws-sdk/client-eks";
import * as classicElb from "@aws-sdk/client-elastic-load-balancing";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as eventBridge from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as pricing from "@aws-sdk/client-pricing";
import * as resourceGroups from "@aws-sdk/client-resource-groups";
import * as route53 from "@aws-sdk/client-route-53";
import * as serviceQuotas from "@aws-sdk/client-service-quotas";
import * as sns from "@aws-sdk/client-sns";
import * as sfn from "@aws-sdk/client-sfn";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ServiceModule } from "../../../local/cloud/contract.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { type Cloud, createCloud } from "../../../local/cloud/dispatch.ts";
import { createRandom } from "../../../local/cloud/random.ts";
import { localClient } from "../../../local/wire/front/client-config.ts";
import { type CloudServer, serveCloud } from "../../../local/wire/front/http.ts";
import { type Operation, modelOf, serviceIds } from "../../../local/schemas/model.ts";
import type { ServiceId } from "../../../local/schemas/services.ts";
import { createSampler } from "./sample.ts";

interface AnyClient {
  send(command: object): Promise<Record<string, unknown>>;
  destroy(): void;
}

/** All commands of all services are gone through by name: their types are beyond what a table can say. */
type Constructor<Argument, Made> = new (argument: Argument) => Made;

const clients: Readonly<Record<ServiceId, readonly [module: object, client: unknown]>> = {
  ec2: [ec2, ec2.EC2Client],
  sts: [sts, sts.STSClient],
  autoscaling: [autoScaling, autoScaling.AutoScalingClient],
  elasticloadbalancing: [elb, elb.ElasticLoadBalancingV2Client],
  "classic-load-balancing": [classicElb, classicElb.ElasticLoadBalancingClient],
  backup: [backup, backup.BackupClient],
  monitoring: [cloudWatch, cloudWatch.CloudWatchClient],
  cloudformation: [cloudFormation, cloudFormation.CloudFormationClient],
  pricing: [pricing, pricing.PricingClient],
  "resource-groups": [resourceGroups, resourceGroups.ResourceGroupsClient],
  servicequotas: [serviceQuotas, serviceQuotas.ServiceQuotasClient],
  route53: [route53, route53.Route53Client],
  iam: [iam, iam.IAMClient],
  kms: [kms, kms.KMSClient],
  sns: [sns, sns.SNSClient],
  ssm: [ssm, ssm.SSMClient],
  states: [sfn, sfn.SFNClient],
  lambda: [lambda, lambda.LambdaClient],
  ecs: [ecs, ecs.ECSClient],
  eks: [eks, eks.EKSClient],
  events: [eventBridge, eventBridge.EventBridgeClient],
};

const seed = 20240229;

interface World {
  readonly cloud: Cloud;
  /** What the handler got last. */
  readonly received: { input?: unknown };
  /** What the handlers answer. */
  readonly planned: { output?: unknown };
}

const echoServices = async (world: Omit<World, "cloud">): Promise<readonly ServiceModule[]> =>
  Promise.all(
    serviceIds.map(async (service) => {
      const { operations } = await modelOf(service);
      const handler = (_: unknown, input: unknown): unknown => {
        world.received.input = input;
        return world.planned.output;
      };
      const names = [...operations.keys()];
      return { service, operations: Object.fromEntries(names.map((name) => [name, handler])) };
    }),
  );

const createWorld = async (): Promise<World> => {
  const world: Omit<World, "cloud"> = { received: {}, planned: {} };
  const modules = await echoServices(world);
  const cloud = createCloud({
    clock: new VirtualClock(Date.UTC(2024, 0, 1)),
    seed,
    throttle: false,
  });
  cloud.serve(...modules);
  return { cloud, ...world };
};

/** What can be compared: JSON in text (`PriceList`) comes as an object of class String, JSON.stringify undoes it. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) => {
      if (typeof each === "bigint") return `${each.toString()}n`;
      return each instanceof Uint8Array ? [...each] : each;
    }),
  );

/** Most are alike as they are. */
const differs = (one: unknown, other: unknown): boolean =>
  !isDeepStrictEqual(one, other) && !isDeepStrictEqual(comparable(one), comparable(other));

/** Sends made-up inputs, answers made-up outputs; returns the operations where something was lost on the way. */
const roundTrip = async (
  world: World,
  about: { service: ServiceId; client: AnyClient; operations: readonly Operation[] },
): Promise<readonly string[]> => {
  const sampler = createSampler(createRandom(seed).fork(about.service));
  const lost: string[] = [];
  for (const { name, input: inputShape, output: outputShape } of about.operations) {
    const input = sampler.structure(inputShape);
    const output = sampler.structure(outputShape);
    world.planned.output = output;
    delete world.received.input;
    const [module] = clients[about.service];
    const Command = Reflect.get(module, `${name}Command`) as Constructor<object, object>;
    const { $metadata: _, ...answered } = await about.client.send(new Command(input));
    if (differs(world.received.input, input)) lost.push(`${name} request`);
    if (differs(answered, output)) lost.push(`${name} response`);
  }
  return lost;
};

describe.each(serviceIds)("%s", (service) => {
  const [, Client] = clients[service];

  it.each(["in-process", "direct"] as const)(
    "carries every operation's input and output unchanged through the %s front",
    async (front) => {
      const world = await createWorld();
      const { operations } = await modelOf(service);
      const client = localClient(Client as Constructor<object, AnyClient>, world.cloud, {
        region: "eu-west-1",
        credentials: world.cloud.identities.operator,
        front,
      });
      const lost = await roundTrip(world, {
        service,
        client,
        operations: [...operations.values()],
      });
      expect(operations.size).toBeGreaterThan(0);
      expect(lost).toEqual([]);
    },
  );
});

describe("over HTTP", () => {
  let world: World;
  let server: CloudServer;

  beforeAll(async () => {
    world = await createWorld();
    server = await serveCloud(world.cloud);
  });

  afterAll(async () => {
    await server.close();
  });

  it.each(serviceIds)(
    "a sample of %s operations passes unchanged, signed as the SDK signs",
    async (service) => {
      const { operations } = await modelOf(service);
      const [, Client] = clients[service];
      const client = new (Client as Constructor<object, AnyClient>)({
        region: "eu-west-1",
        endpoint: server.url,
        credentials: world.cloud.identities.operator,
        maxAttempts: 1,
        disableHostPrefix: true,
      });
      const all = [...operations.values()];
      const step = Math.ceil(all.length / 12);
      const sample = all.filter((_, index) => index % step === 0);
      const lost = await roundTrip(world, { service, client, operations: sample });
      client.destroy();
      expect(lost).toEqual([]);
      expect(world.cloud.journal.at(-1)?.region).toBe("eu-west-1");
    },
  );
});
