/**
 * One customer account with one instance on the whole platform, in virtual time: connected through the API and the
 * role template, registered, evaluated, and run to the end of its execution.
 */
import type { DescribeTargetHealthOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Effect, LinearEvaluation } from "../../core/model/evaluation.ts";
import type { Swap } from "../../core/model/swap.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { Consistency } from "../../core/policy/linear.ts";
import { getEvaluation, loadStory, listEffects } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { readLease, isHeld } from "../../adapters/store/leases.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Log } from "../../lambdas/runtime/log.ts";
import { CloudError } from "../../local/cloud/contract.ts";
import type { Role } from "../../local/cloud/iam/identities.ts";
import { VirtualClock } from "../../local/cloud/clock.ts";
import type { JournalEntry } from "../../local/cloud/journal.ts";
import type { InstanceSummary, ManagedResource } from "../../local/cloud/ec2/control-reads.ts";
import type { InstanceDeclaration } from "../../local/cloud/ec2/scenario-instance.ts";
import type { Ec2Settings } from "../../local/cloud/ec2/settings.ts";
import { applyRoleTemplate } from "../../local/platform/customer-account.ts";
import type { Front } from "../../local/platform/functions.ts";
import { createMemoryTable } from "../../local/platform/memory-table.ts";
import { createPlatform, type Platform } from "../../local/platform/platform.ts";
import { smallMarket } from "./small-market.ts";
import { collectSecrets, findLeaks, type Secrets } from "./secrets.ts";
import { watch, type Watch } from "./watch.ts";

export const accountId = "444455556666";
export const region = "us-east-1";
/** A password in user data is what many an instance has. */
const password = "correct-horse-battery-staple";
const userData = `#!/bin/sh\nexport DATABASE_PASSWORD=${password}\n`;
export const startMs = Date.parse("2026-03-02T09:00:00Z");

/** Less to poll for: each state is waited for once or twice, so that a run takes a fraction of a second. */
const quickSettings: Partial<Ec2Settings> = {
  bootMs: 8_000,
  checksMs: 5_000,
  stopMs: 4_000,
  imageBaseMs: 5_000,
  snapshotBaseMs: 3_000,
  snapshotPerGibMs: 100,
  replaceRootMs: 5_000,
  rebootMs: 3_000,
  volumeDetachMs: 1_000,
  volumeAttachMs: 1_000,
  interfaceDetachMs: 1_000,
  interfaceAttachMs: 1_000,
};

export interface LabOptions {
  readonly consistency?: Consistency;
  /** Overrides as the API takes them. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly isShadowMode?: boolean;
  readonly environment?: "LAB" | "PROD";
  readonly instance?: Partial<InstanceDeclaration>;
  /** Registers the original in a target group of its own, behind a load balancer that serves all zones. */
  readonly targetGroup?: boolean;
  readonly settings?: Partial<Ec2Settings>;
  /** EC2's request buckets. Off unless told. */
  readonly throttle?: boolean;
  readonly front?: Front;
  readonly table?: Table;
  readonly seed?: number;
  /** Alive at one time. Default 1. */
  readonly maxReplacements?: number;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How an evaluation ended, and what is left behind. */
export interface Story {
  readonly evaluationId: EvaluationId;
  readonly status: LinearEvaluation["status"];
  readonly evaluation: LinearEvaluation;
  readonly swap: Swap | undefined;
  /** As GET /evaluations/{id} answers. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly intents: readonly Intent[];
  readonly effects: readonly Effect[];
  readonly original: InstanceSummary | undefined;
  /** All that ever carried the evaluation's tag, the original aside. */
  readonly replacements: readonly InstanceSummary[];
  /** Mutating calls in the customer's account since the evaluation began; dry runs do not count. */
  readonly mutations: readonly JournalEntry[];
  /** What we created and is still there, and belongs neither to the original nor to a switch that was made. */
  readonly orphans: readonly ManagedResource[];
  readonly executionStatus: string;
  readonly isLeaseHeld: boolean;
  /** Places in which a credential, the ExternalId or user data can be read. */
  readonly leaks: readonly string[];
}

export interface Lab {
  readonly platform: Platform;
  readonly clock: VirtualClock;
  readonly table: Table;
  readonly control: Platform["ec2"]["control"];
  readonly originalId: string;
  readonly targetId: string;
  readonly targetGroupArn: string | undefined;
  /** The one that forwards to the target group. */
  readonly loadBalancerArn: string | undefined;
  readonly secrets: Secrets;
  readonly watch: Watch;
  /** Everything that the functions logged. */
  readonly logged: readonly string[];
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  evaluate(headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Runs the clock until the execution has ended, or a day has passed. */
  finish(evaluationId: EvaluationId): Promise<Story>;
  /** Evaluates, and runs to the end. */
  run(): Promise<Story>;
  replacement(): InstanceSummary | undefined;
  /** Instances that the target group sends traffic to, or soon will; draining ones aside. */
  membersOf(targetGroupArn: string): Promise<readonly string[]>;
  /** As the original's target group shows it; undefined when the instance is not in it. */
  healthOf(instanceId: string): Promise<string | undefined>;
}

const asRecord = (text: string): Readonly<Record<string, unknown>> => {
  if (!text.startsWith("{")) return { text };
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
};

const collectingLog = (lines: string[]): Log => {
  const note = (message: string, keys: unknown = {}): void => {
    lines.push(`${message} ${JSON.stringify(keys)}`);
  };
  return { info: note, warn: note, error: note };
};

type Send = Lab["send"];

const sender = (platform: Platform): Send => {
  let requests = 0;
  return async (method, path, body, headers = {}) => {
    requests += 1;
    const answer = await platform.api.request(`/api/v1${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(method === "POST" ? { "idempotency-key": `request-${String(requests)}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: asRecord(await answer.text()) };
  };
};

const must = ({ status, body }: Answer): Readonly<Record<string, unknown>> => {
  if (status < 300) return body;
  throw new Error(`The API answered ${String(status)}: ${JSON.stringify(body)}`);
};

/** Roles by their template: it is the same in each lab of a seed, and takes longer to read than a whole verdict. */
const applied = new Map<string, Role>();

const applyTemplate = ({ cloud }: Platform, yaml: string): void => {
  const known = applied.get(yaml);
  if (known !== undefined) {
    cloud.identities.addRole(known);
    return;
  }
  const role = cloud.identities.role(applyRoleTemplate(cloud, { accountId, yaml }));
  if (role !== undefined) applied.set(yaml, role);
};

/** @returns what is secret from now on, the ExternalId among it. */
const connect = async (platform: Platform, send: Send, options: LabOptions): Promise<Secrets> => {
  const secrets = collectSecrets(platform);
  secrets.add(password);
  secrets.add(Buffer.from(userData).toString("base64"));
  platform.ec2.control.addAccount(accountId, [region]);
  const environment = options.environment ?? "LAB";
  const account = must(
    await send("POST", "/accounts", {
      account_id: accountId,
      name: "workshop",
      environment,
      regions: [region],
    }),
  );
  const template = await send("GET", `/accounts/${accountId}/role-template`);
  applyTemplate(platform, String(template.body["text"]));
  must(await send("POST", `/accounts/${accountId}/verify`));
  secrets.add(String(account["external_id"]));
  return secrets;
};

interface Balanced {
  readonly targetGroupArn: string;
  readonly loadBalancerArn: string;
}

/** A target group with the instance in it, and a load balancer with all zones that forwards to it. */
const addTargetGroup = ({ ec2, elb }: Platform, instanceId: string): Balanced => {
  const found = ec2.control.directory.find({ accountId, region, instanceId });
  const place = { accountId, region, name: "web", vpcId: found?.vpcId ?? "" };
  const loadBalancerArn = elb.addLoadBalancer(place);
  const group = { ...place, port: 80, healthyAfterSeconds: 4, loadBalancerArn };
  const targetGroupArn = elb.addTargetGroup(group);
  elb.addTarget({ arn: targetGroupArn, instanceId });
  return { targetGroupArn, loadBalancerArn };
};

const register = async (
  platform: Platform,
  send: Send,
  { instanceId, options }: { readonly instanceId: string; readonly options: LabOptions },
): Promise<string> => {
  const found = platform.ec2.control.find(instanceId);
  const target = must(
    await send("POST", "/lab/instances", {
      account_id: accountId,
      instance_id: instanceId,
      instance_type: found?.instanceType,
      availability_zone: found?.zoneName,
      pipeline_mode: "LINEAR",
      is_shadow_mode: options.isShadowMode ?? false,
      policy_overrides: {
        consistency: options.consistency ?? "stop-and-image",
        accept_change_of: ["primary-private-ip"],
        ...options.policy,
      },
    }),
  );
  return String(target["target_id"]);
};

const chunkMs = 5 * 60_000;
const longestMs = 24 * 3_600_000;

/** While the interpreter is dead nobody can say; it will be started again. */
const statusOf = async ({ interpreter }: Platform, arn: string): Promise<string> => {
  try {
    return (await interpreter.describe(arn)).status;
  } catch (error) {
    if (error instanceof CloudError) return "RUNNING";
    throw error;
  }
};

const runToEnd = async (lab: Pick<Lab, "platform" | "clock">, arn: string): Promise<string> => {
  const giveUpMs = lab.clock.now() + longestMs;
  for (;;) {
    const status = await statusOf(lab.platform, arn);
    if (lab.clock.now() >= giveUpMs) return status;
    await lab.clock.run({ atMostMs: lab.clock.now() + chunkMs });
    // Once more after the end: what was terminated last takes half a minute to be gone.
    if (status !== "RUNNING") return status;
  }
};

/** What a switch leaves behind on purpose: both instances and what is theirs, and the images until they are due. */
const keptBy = (intents: readonly Intent[], story: Pick<Story, "original" | "replacements">) => [
  ...intents.flatMap(({ change }) => (change.kind === "EXPIRE_IMAGE" ? [change.imageId] : [])),
  ...story.replacements.map((instance) => instance.instanceId),
  ...(story.original === undefined ? [] : [story.original.instanceId]),
];

const tell = async (
  lab: Omit<Lab, "run" | "finish">,
  evaluationId: EvaluationId,
  executionStatus: string,
): Promise<Story> => {
  const { table, control, platform, originalId } = lab;
  const stored = await loadStory(table, evaluationId);
  if (stored?.evaluation.mode !== "LINEAR") {
    throw new Error(`There is no evaluation ${evaluationId} of LINEAR.`);
  }
  const { evaluation } = stored;
  const intents = await listIntents(table, evaluationId);
  const original = control.find(originalId);
  const replacements = control
    .instances(accountId)
    .filter(
      ({ instanceId, tags }) =>
        instanceId !== originalId && tags["spot-optimizer:evaluation"] === evaluationId,
    );
  const isSwitched = evaluation.status === "SWITCHED";
  const [{ resource }] = evaluation.leases;
  const lease = await readLease(table, resource);
  const story = {
    evaluationId,
    status: evaluation.status,
    evaluation,
    swap: stored.swaps[0],
    answer: (await lab.send("GET", `/evaluations/${evaluationId}`)).body,
    intents,
    effects: await listEffects(table, evaluationId),
    original,
    replacements,
    mutations: lab.watch.mutations(),
    orphans: control.orphans({
      accountId,
      except: isSwitched ? keptBy(intents, { original, replacements }) : [],
    }),
    executionStatus,
    isLeaseHeld: lease !== undefined && isHeld(lease, new Date(platform.clock.now())),
  };
  return { ...story, leaks: await findLeaks(platform, story, lab) };
};

export const createLab = async (options: LabOptions = {}): Promise<Lab> => {
  const clock = new VirtualClock(startMs);
  const logged: string[] = [];
  const table = options.table ?? createMemoryTable();
  const platform = createPlatform({
    clock,
    table,
    seed: options.seed ?? 1,
    market: smallMarket,
    version: "0.0.0",
    front: options.front ?? "direct",
    throttle: options.throttle ?? false,
    settings: { ...quickSettings, ...options.settings },
    log: collectingLog(logged),
  });
  const { control } = platform.ec2;
  const send = sender(platform);
  const secrets = await connect(platform, send, options);
  const originalId = control.addInstance({
    accountId,
    region,
    instanceType: "m5.large",
    elasticIp: true,
    tags: { Name: "web" },
    userData,
    ...options.instance,
  });
  const balanced = options.targetGroup === true ? addTargetGroup(platform, originalId) : undefined;
  const owner = platform.cloud.identities.addUser({ accountId, name: "owner" });
  const targets = async (
    arn: string,
  ): Promise<NonNullable<DescribeTargetHealthOutput["TargetHealthDescriptions"]>> => {
    const answer = (await platform.cloud.call({
      service: "elasticloadbalancing",
      operation: "DescribeTargetHealth",
      region,
      accessKeyId: owner.accessKeyId,
      input: { TargetGroupArn: arn },
    })) as DescribeTargetHealthOutput;
    return answer.TargetHealthDescriptions ?? [];
  };
  const targetId = await register(platform, send, { instanceId: originalId, options });
  const begun = {
    platform,
    clock,
    table,
    control,
    originalId,
    targetId,
    targetGroupArn: balanced?.targetGroupArn,
    loadBalancerArn: balanced?.loadBalancerArn,
    secrets,
    logged,
    send,
    watch: watch(platform, {
      accountId,
      originalId,
      maxReplacements: options.maxReplacements ?? 1,
    }),
    evaluate: (headers?: Readonly<Record<string, string>>) =>
      send("POST", `/lab/instances/${targetId}/evaluate`, undefined, headers),
    membersOf: async (arn: string) =>
      (await targets(arn))
        .filter(({ TargetHealth: health }) => health?.State !== "draining")
        .map(({ Target: target }) => target?.Id ?? ""),
    healthOf: async (instanceId: string) => {
      const found = (await targets(balanced?.targetGroupArn ?? "")).find(
        ({ Target: target }) => target?.Id === instanceId,
      );
      return found?.TargetHealth?.State;
    },
    replacement: () =>
      control
        .instances(accountId)
        .find(
          ({ instanceId, tags }) => instanceId !== originalId && tags["ManagedBy"] !== undefined,
        ),
  };
  const finish: Lab["finish"] = async (evaluationId) => {
    const evaluation = await getEvaluation(table, evaluationId);
    const status = await runToEnd(begun, evaluation?.executionArn ?? "");
    return tell(begun, evaluationId, status);
  };
  return {
    ...begun,
    finish,
    run: async () => {
      const { evaluation_id: id } = must(await begun.evaluate());
      return finish(evaluationIdSchema.parse(id));
    },
  };
};
