/**
 * The laboratory: one customer account with one subject on the whole product, in virtual time. It is registered,
 * watched at every instant, evaluated, and run to the end of its execution. LINEAR: the subject is an instance.
 */
import { withoutUndefined } from "../../adapters/aws/without-undefined.ts";
import type { Table } from "../../adapters/store/table.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import type { Consistency } from "../../core/policy/linear.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { InstanceDeclaration } from "../cloud/ec2/scenario-instance.ts";
import type { Ec2Settings } from "../cloud/ec2/settings.ts";
import type { Market } from "../cloud/market/market.ts";
import type { MemoryTable } from "../platform/memory-table.ts";
import type { Front } from "../platform/platform.ts";
import { customerAccountId, type LabAccount } from "./account.ts";
import type { Lab, Subject, Watch } from "./contract.ts";
import { switchFirst, type Brought } from "./first-switch.ts";
import type { FunctionRuns } from "./function-runs.ts";
import type { Until } from "./recalled-runs.ts";
import { isRecorded, nameOfBegin, recallRepeated, recallUntil, recordFirst } from "./recordings.ts";
import { finishEvaluation } from "./run.ts";
import type { Secrets } from "./secrets.ts";
import { smallMarket } from "./small-market.ts";
import { addTargetGroup, addWorkload, register, startEvaluation } from "./subject.ts";
import { trafficIn } from "./traffic.ts";
import { watch } from "./watch.ts";
import { openWatchedAccount, type WatchedAccount } from "./watched-account.ts";

export const accountId = customerAccountId;
export const region = "us-east-1";
/** A password in user data is what many an instance has. */
const password = "correct-horse-battery-staple";
const userData = `#!/bin/sh\nexport DATABASE_PASSWORD=${password}\n`;
export const startMs = Date.parse("2026-03-02T09:00:00Z");

/** Less to poll for: each state is waited for once or twice, so that a run takes a fraction of a second. */
const quickSettings: Partial<Ec2Settings> = {
  bootMs: 8_000,
  // Longer than most waits: who does not ask for the checks goes on before they have passed.
  checksMs: 30_000,
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
  /** Of that target group. Default 60: longer than what is left of a switch once the original has left its group. */
  readonly deregistrationDelaySeconds?: number;
  readonly settings?: Partial<Ec2Settings>;
  /** EC2's request buckets. Off unless told. */
  readonly throttle?: boolean;
  readonly front?: Front;
  readonly table?: Table;
  /** The same without what happens to it: the judge reads it at any time. Default: the table. */
  readonly ownTable?: MemoryTable;
  readonly market?: Market;
  readonly seed?: number;
  /** Alive at one time. Default 1. */
  readonly maxReplacements?: number;
  /** Nothing that the test does can be seen before: up to there functions are recalled from a run to which nothing happens. */
  readonly undisturbedUntil?: Until;
  /** Of one that EC2 takes: its stopped original is in its cool-off still. */
  readonly keepsOriginal?: boolean;
  /** Of one that stands on Spot: the janitor has come by since, and keeps a launch template of it. */
  readonly hasTemplate?: boolean;
}

const asRecord = (text: string): Readonly<Record<string, unknown>> => {
  if (!text.startsWith("{")) return { text };
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
};

const openSecretly = async (
  options: LabOptions,
  around: FunctionRuns | undefined,
): Promise<WatchedAccount> => {
  const { market = smallMarket, seed = 1, environment = "LAB", front = "direct" } = options;
  const { table, ownTable, throttle = false } = options;
  const settings = { ...quickSettings, ...options.settings };
  const watched = await openWatchedAccount(
    {
      ...{ market, seed, environment, front, throttle, settings },
      ...withoutUndefined({ table, ownTable, around }),
    },
    startMs,
  );
  for (const secret of [password, Buffer.from(userData).toString("base64")]) {
    watched.secrets.add(secret);
  }
  return watched;
};

const addOriginal = (account: LabAccount, options: LabOptions): InstanceSummary =>
  addWorkload(account, {
    instanceType: "m5.large",
    elasticIp: true,
    tags: { Name: "web" },
    userData,
    ...options.instance,
  });

export const policyOf = ({
  consistency,
  policy,
}: LabOptions): Readonly<Record<string, unknown>> => ({
  consistency: consistency ?? "stop-and-image",
  accept_change_of: ["primary-private-ip"],
  ...policy,
});

const registerOriginal = (
  account: LabAccount,
  original: InstanceSummary,
  options: LabOptions,
): Promise<string> =>
  register(account, original, {
    isShadowMode: options.isShadowMode ?? false,
    policyOverrides: policyOf(options),
  });

const senderTo =
  ({ api }: LabAccount): Lab["send"] =>
  async (method, path, ...rest) => {
    const [body, headers = {}] = rest;
    const { status, text } = await api.send({ method, path, body, headers });
    return { status, body: asRecord(text) };
  };

const replacementIn = (
  { platform }: LabAccount,
  { resourcesBefore }: Watch,
): InstanceSummary | undefined =>
  platform.ec2.control
    .instances(accountId)
    .find(
      ({ instanceId, tags }) =>
        !resourcesBefore.has(instanceId) && tags["spot-optimizer:evaluation"] !== undefined,
    );

/** As the owner has it: by default. */
const isReturnHeldBy = ({ consistency, policy = {} }: LabOptions): boolean =>
  consistency !== "stateless" &&
  policy["hold_return_capacity"] !== false &&
  policy["accept_unsecured_return"] !== true;

/** What a laboratory is built around. */
interface Around {
  readonly account: LabAccount;
  readonly secrets: Secrets;
  readonly logged: readonly string[];
  readonly originalId: string;
  readonly targetId: string;
  readonly balanced: Pick<Lab, "targetGroupArn" | "loadBalancerArn">;
  readonly goesBack?: Subject["goesBack"];
  readonly recovers?: Subject["recovers"];
  /** Nobody says where it is to go. */
  readonly isJudged?: true;
}

const bodyOf = ({ goesBack, recovers, isJudged }: Around): object | undefined => {
  if (recovers === true) return { recover: true };
  return goesBack === undefined || isJudged === true ? undefined : { to: "ON_DEMAND" };
};

const labAround = (around: Around, options: LabOptions): Lab => {
  const { account, secrets, logged, originalId, targetId, balanced, goesBack, recovers } = around;
  const { platform, clock, table } = account;
  const traffic = trafficIn(account, balanced.targetGroupArn);
  const seen = watch(platform, {
    accountId,
    originalId,
    maxReplacements: options.maxReplacements ?? 1,
    isStateless: options.consistency === "stateless",
    table: options.ownTable ?? table,
    isReturnHeld: goesBack === undefined && isReturnHeldBy(options),
    ...(goesBack === undefined ? {} : { goesBack }),
    ...(recovers === undefined ? {} : { recovers }),
  });
  const place = { account, originalId, watch: seen, secrets, logged };
  const send = senderTo(account);
  const finish: Lab["finish"] = (evaluationId) => finishEvaluation(place, evaluationId);
  const body = bodyOf(around);
  return {
    ...place,
    ...balanced,
    goesBack,
    recovers,
    platform,
    clock,
    table,
    control: platform.ec2.control,
    targetId,
    send,
    evaluate: (headers) => send("POST", `/lab/instances/${targetId}/evaluate`, body, headers),
    ...traffic,
    replacement: () => replacementIn(account, seen),
    finish,
    run: async () => {
      const { evaluation_id: id } = await startEvaluation(account, targetId, body);
      return finish(evaluationIdSchema.parse(id));
    },
  };
};

const openOnDemand = async (options: LabOptions, runs?: FunctionRuns): Promise<Around> => {
  const { account, secrets, logged } = await openSecretly(options, runs);
  const original = addOriginal(account, options);
  const originalId = original.instanceId;
  const balanced =
    options.targetGroup === true
      ? addTargetGroup(account, original, {
          name: "web",
          healthyAfterSeconds: 4,
          deregistrationDelaySeconds: options.deregistrationDelaySeconds ?? 60,
        })
      : undefined;
  const targetId = await registerOriginal(account, original, options);
  return {
    account,
    secrets,
    logged,
    originalId,
    targetId,
    balanced: {
      targetGroupArn: balanced?.targetGroupArn,
      loadBalancerArn: balanced?.loadBalancerArn,
    },
  };
};

/** @param runs what its functions did before, if they are recalled; see `createAs` */
export const openLab = async (options: LabOptions, runs?: FunctionRuns): Promise<Lab> =>
  labAround(await openOnDemand(options, runs), options);

type Make = (options: LabOptions, runs?: FunctionRuns) => Promise<Lab>;

/** @param what is made, in words: the same for two laboratories that are to begin alike, whatever their options */
export const createAs = async (what: string, options: LabOptions, make: Make): Promise<Lab> => {
  const { undisturbedUntil: until, ...rest } = options;
  if (until === undefined) return make(rest);
  const { table: _table, ownTable: _ownTable, ...same } = rest;
  const name = nameOfBegin(what, same);
  if (until === "END" && !isRecorded(name)) return recordFirst(name, (runs) => make(rest, runs));
  return make(rest, await recallUntil(name, until, (runs) => make(same, runs)));
};

export const createLab = (options: LabOptions = {}): Promise<Lab> =>
  createAs("to Spot", options, openLab);

/**
 * What a switch has brought to Spot, an hour later: evaluated is its way back.
 * @throws Error when the switch was not made
 */
export const createLabOnSpot = (options: LabOptions = {}): Promise<Lab> =>
  createAs("back", options, (rest, runs) => onSpot(rest, {}, runs));

type Switched = Brought & { readonly before: Around };

const switchedBefore = async (options: LabOptions, runs?: FunctionRuns): Promise<Switched> => {
  const before = await openOnDemand(options, runs);
  const brought = await switchFirst(before);
  if (options.hasTemplate === true) {
    await before.account.platform.functions.invoke("schedule-janitor", {});
  }
  return { before, ...brought };
};

const switchedAgain = (options: LabOptions): Promise<Switched> => {
  const { table: _table, ownTable: _ownTable, ...same } = options;
  return recallRepeated(nameOfBegin("to Spot", same), (runs) => switchedBefore(options, runs));
};

interface SpotAround extends Pick<Around, "recovers" | "isJudged"> {
  /** Where it goes when it leaves that. Default: to On-Demand. */
  readonly to?: NonNullable<Subject["goesBack"]>["to"];
}

/** The same, with what is to become of it. */
export const onSpot = async (
  options: LabOptions,
  { to = "ON_DEMAND", ...around }: SpotAround,
  runs?: FunctionRuns,
): Promise<Lab> => {
  const isRecalled = runs === undefined;
  const { before, replacementId, deletedWithOriginal } = isRecalled
    ? await switchedAgain(options)
    : await switchedBefore(options, runs);
  return labAround(
    {
      ...before,
      originalId: replacementId,
      goesBack: { deletedWithOwners: deletedWithOriginal, to },
      ...around,
    },
    options,
  );
};

/** The cool-off of its original is over, so that its successor is launched, unless the original is asked for. */
const afterCooloff = ({ keepsOriginal = false, ...options }: LabOptions): LabOptions =>
  keepsOriginal ? options : { ...options, policy: { cooloff_hours: 0, ...options.policy } };

const atRisk: Make = async (options, runs) => {
  const lab = await onSpot(afterCooloff(options), { recovers: true }, runs);
  lab.watch.excuse("original");
  return lab;
};

/** The same, on the day on which EC2 takes it: whoever hears of that starts its recovery. */
export const createLabAtRisk = (options: LabOptions = {}): Promise<Lab> =>
  createAs("at risk", options, atRisk);

type Taking = NonNullable<Parameters<Lab["control"]["interrupt"]>[1]>;

/** The same once EC2 takes that Spot Instance: without a notice minutes ago, or with one now. Evaluated is its recovery. */
export const createLabLost = (
  options: LabOptions = {},
  taking: Taking = { noticeSeconds: 0 },
): Promise<Lab> =>
  createAs(`lost ${JSON.stringify(taking)}`, options, (rest, runs) => lost(rest, taking, runs));

const lost = async (options: LabOptions, taking: Taking, runs?: FunctionRuns): Promise<Lab> => {
  const lab = await atRisk(options, runs);
  lab.control.interrupt(lab.originalId, taking);
  if (taking.noticeSeconds === 0) {
    await lab.clock.run({ atMostMs: lab.clock.now() + 5 * 60_000 });
  }
  return lab;
};
