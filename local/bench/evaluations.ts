/** What one evaluation costs of each kind: state transitions, invocations, calls to AWS and to the state table. */
import { seededMarket } from "../cloud/market/seeded.ts";
import { recordCalls, type CallRecord } from "../platform/call-recorder.ts";
import type { RecordedEvent } from "../interpreter/history.ts";
import { openAccount, type LabAccount } from "../lab/account.ts";
import { followExecution } from "../lab/follow.ts";
import {
  addWorkload,
  readEvaluation,
  register,
  startEvaluation,
  type RegistrationRequest,
  type Workload,
} from "../lab/subject.ts";
import { costPerThousand, totalOf } from "./cost.ts";
import { linearWorkflow } from "../../statemachines/linear.ts";

export interface EvaluationFigures {
  readonly name: string;
  /** How it ended, so that the figures are of what the name says. */
  readonly status: string;
  /** States entered, as AWS bills them. */
  readonly transitions: number;
  /** Of these, rounds of asking again: wait, ask, route. */
  readonly pollingTransitions: number;
  readonly invocations: number;
  readonly customerCalls: number;
  readonly ownCalls: number;
  /** By service, in both accounts: `ec2`, `sts` … */
  readonly callsByService: Readonly<Record<string, number>>;
  readonly tableRequests: number;
  /** On-demand units, as DynamoDB bills them. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** USD in our own account for a thousand like this one, see cost.ts. */
  readonly usdPerThousand: number;
  readonly meetsAim: boolean;
}

/** State transitions beside polling. */
export const transitionAims = { switch: 45, other: 12 } as const;

interface Case {
  readonly name: string;
  readonly workload: Workload;
  readonly registration: RegistrationRequest;
  readonly aim: number;
}

const acceptsNewAddress = { accept_change_of: ["primary-private-ip"] } as const;

const shop: Workload = {
  instanceType: "m5.large",
  elasticIp: true,
  rootGib: 30,
  dataVolumes: [{ sizeGib: 100 }],
};

/** All that a stateless load may have: no disk of its own. */
const frontEnd: Workload = { instanceType: "m5.large", elasticIp: true, rootGib: 30 };

const switchBy = (
  name: string,
  overrides: Readonly<Record<string, string>>,
  workload: Workload = shop,
): Case => ({
  name: `switch, ${name}`,
  workload,
  registration: {
    isShadowMode: false,
    policyOverrides: { ...acceptsNewAddress, ...overrides },
  },
  aim: transitionAims.switch,
});

const cases: readonly Case[] = [
  {
    name: "refuse",
    workload: { instanceType: "g4dn.xlarge", elasticIp: true },
    registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
    aim: transitionAims.other,
  },
  {
    name: "stay",
    workload: { instanceType: "m5.xlarge", elasticIp: true },
    registration: {
      isShadowMode: false,
      policyOverrides: { ...acceptsNewAddress, covered_hourly_usd: 0.14 },
    },
    aim: transitionAims.other,
  },
  {
    name: "shadow",
    workload: shop,
    registration: { policyOverrides: acceptsNewAddress },
    aim: transitionAims.other,
  },
  switchBy("stateless", { consistency: "stateless" }, frontEnd),
  switchBy("move volumes", { consistency: "move-volumes" }),
  switchBy("stop and image", { consistency: "stop-and-image" }),
  switchBy("relaunch", { consistency: "stop-and-image", root_transfer: "relaunch" }),
];

/** The demo's own market and moment. */
const seed = 1;
const startMs = Date.parse("2026-03-02T09:00:00Z");

const enteredIn = (history: readonly RecordedEvent[]): readonly string[] =>
  history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

/** A round is the wait, the step asked again, and the choice after it. */
const statesPerRound = 3;

const pollingIn = (entered: readonly string[]): number =>
  statesPerRound * entered.filter((name) => linearWorkflow.States[name]?.Type === "Wait").length;

const evaluate = async (account: LabAccount, { workload, registration }: Case) => {
  const instance = addWorkload(account, workload);
  await register(account, instance, registration);
  const calls = recordCalls(account.platform);
  const { evaluation_id: id, execution_arn: arn } = await startEvaluation(
    account,
    instance.instanceId,
  );
  await followExecution(account, arn, { onVisit: () => undefined, onTick: () => undefined });
  const recorded: CallRecord = {
    invocations: [...calls.invocations],
    awsCalls: [...calls.awsCalls],
    tableRequests: [...calls.tableRequests],
  };
  const { status } = await readEvaluation(account, id);
  return { recorded, status, entered: enteredIn(await account.platform.interpreter.history(arn)) };
};

const byService = ({ awsCalls }: CallRecord): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { action } of awsCalls) {
    const [service = ""] = action.split(":");
    counts[service] = (counts[service] ?? 0) + 1;
  }
  return counts;
};

const unitsOf = (record: CallRecord, isWriting: boolean): number =>
  record.tableRequests
    .filter(({ action }) => /:(Put|Delete)Item$/.test(action) === isWriting)
    .reduce((sum, { units }) => sum + units, 0);

const measure = async (one: Case): Promise<EvaluationFigures> => {
  const account = await openAccount({
    market: seededMarket({ seed }),
    seed,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "bench",
    front: "direct",
  });
  const { recorded, status, entered } = await evaluate(account, one);
  const pollingTransitions = pollingIn(entered);
  const counted = {
    transitions: entered.length,
    invocations: recorded.invocations.length,
    readUnits: unitsOf(recorded, false),
    writeUnits: unitsOf(recorded, true),
  };
  return {
    name: one.name,
    status,
    ...counted,
    pollingTransitions,
    customerCalls: recorded.awsCalls.filter(({ side }) => side === "customer").length,
    ownCalls: recorded.awsCalls.filter(({ side }) => side === "own").length,
    callsByService: byService(recorded),
    tableRequests: recorded.tableRequests.length,
    usdPerThousand: totalOf(costPerThousand(counted)),
    meetsAim: entered.length - pollingTransitions <= one.aim,
  };
};

export const measureEvaluations = async (): Promise<readonly EvaluationFigures[]> => {
  const figures: EvaluationFigures[] = [];
  for (const one of cases) figures.push(await measure(one));
  return figures;
};
