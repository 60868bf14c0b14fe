/** What one evaluation costs of each kind: state transitions, invocations, calls to AWS and to the state table. */
import { currentMarketKey, evaluationKey } from "../../adapters/store/keys.ts";
import { recordCalls, type CallRecord } from "../platform/call-recorder.ts";
import type { LabAccount } from "../lab/account.ts";
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
import { quantile } from "./quantile.ts";
import { storedIn, type StoredSize } from "./stored-size.ts";
import { copyOf, enteredIn, openBenchAccount, pollingIn, unitsOf } from "./recorded.ts";
import { linearWorkflow } from "../../statemachines/linear.ts";

export interface EvaluationFigures {
  readonly name: string;
  /** How it ended: proves that the figures are of the kind that the name says. */
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
  /** What the evaluation has left in the table, and the market that it was judged on. */
  readonly stored: StoredSize;
  readonly storedMarket: StoredSize;
  /** USD in our own account for a thousand like this one, see cost.ts. */
  readonly usdPerThousand: number;
  readonly meets: Readonly<Record<keyof EvaluationAims, boolean>>;
}

/** At most. */
export interface EvaluationAims {
  readonly transitionsBesidePolling: number;
  readonly transitions: number;
  /** To AWS, in both accounts. */
  readonly awsCalls: number;
  /** Of the state table, polling and the region's market included. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

export const evaluationAims = {
  switch: {
    transitionsBesidePolling: 45,
    transitions: 90,
    awsCalls: 130,
    readUnits: 200,
    writeUnits: 120,
  },
  /** It launches twice, and each launch is noted in the inventory of Spot. */
  relaunch: {
    transitionsBesidePolling: 45,
    transitions: 90,
    awsCalls: 130,
    readUnits: 200,
    writeUnits: 122,
  },
  other: {
    transitionsBesidePolling: 12,
    transitions: 12,
    awsCalls: 25,
    readUnits: 60,
    writeUnits: 60,
  },
} as const satisfies Readonly<Record<string, EvaluationAims>>;

interface Case {
  readonly name: string;
  readonly workload: Workload;
  readonly registration: RegistrationRequest;
  readonly aims: EvaluationAims;
}

export const acceptsNewAddress = { accept_change_of: ["primary-private-ip"] } as const;

export const shop: Workload = {
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
  aims: evaluationAims.switch,
});

const cases: readonly Case[] = [
  {
    name: "refuse",
    workload: { instanceType: "g4dn.xlarge", elasticIp: true },
    registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
    aims: evaluationAims.other,
  },
  {
    name: "stay",
    workload: { instanceType: "m5.xlarge", elasticIp: true },
    registration: {
      isShadowMode: false,
      policyOverrides: { ...acceptsNewAddress, covered_hourly_usd: 0.14 },
    },
    aims: evaluationAims.other,
  },
  {
    name: "shadow",
    workload: shop,
    registration: { policyOverrides: acceptsNewAddress },
    aims: evaluationAims.other,
  },
  switchBy("stateless", { consistency: "stateless" }, frontEnd),
  switchBy("move volumes", { consistency: "move-volumes" }),
  switchBy("stop and image", { consistency: "stop-and-image" }),
  {
    ...switchBy("relaunch", { consistency: "stop-and-image", root_transfer: "relaunch" }),
    aims: evaluationAims.relaunch,
  },
  switchBy("move root volume", {
    consistency: "stop-and-image",
    root_transfer: "move-root-volume",
  }),
];

/** Only their downtime is measured: the calls grow with the volumes. */
const manyVolumes: readonly Case[] = [10, 70].map((count) =>
  switchBy(
    `stop and image, ${String(count)} volumes`,
    {},
    // Few types take as many.
    {
      ...shop,
      instanceType: "m7i.48xlarge",
      dataVolumes: Array.from({ length: count }, () => ({ sizeGib: 10 })),
    },
  ),
);

const evaluate = async (account: LabAccount, { workload, registration }: Case) => {
  const instance = addWorkload(account, workload);
  await register(account, instance, registration);
  const calls = recordCalls(account.platform);
  const { evaluation_id: id, execution_arn: arn } = await startEvaluation(
    account,
    instance.instanceId,
  );
  await followExecution(account, arn, { onVisit: () => undefined, onTick: () => undefined });
  const recorded = copyOf(calls);
  const record = await readEvaluation(account, id);
  const { table } = account.platform;
  const stored = await storedIn(table, evaluationKey(id).pk);
  const market = { region: account.region, product: "Linux/UNIX" };
  const storedMarket = await storedIn(table, currentMarketKey(market).pk);
  const entered = enteredIn(await account.platform.interpreter.history(arn));
  return { recorded, record, entered, stored, storedMarket };
};

const byService = ({ awsCalls }: CallRecord): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { action } of awsCalls) {
    const [service = ""] = action.split(":");
    counts[service] = (counts[service] ?? 0) + 1;
  }
  return counts;
};

const measure = async (one: Case): Promise<EvaluationFigures> => {
  const account = await openBenchAccount();
  const { recorded, record, entered, ...sizes } = await evaluate(account, one);
  const { status } = record;
  const pollingTransitions = pollingIn(linearWorkflow, entered);
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
    ...sizes,
    pollingTransitions,
    customerCalls: recorded.awsCalls.filter(({ side }) => side === "customer").length,
    ownCalls: recorded.awsCalls.filter(({ side }) => side === "own").length,
    callsByService: byService(recorded),
    tableRequests: recorded.tableRequests.length,
    usdPerThousand: totalOf(costPerThousand(counted)),
    meets: {
      transitionsBesidePolling:
        entered.length - pollingTransitions <= one.aims.transitionsBesidePolling,
      transitions: entered.length <= one.aims.transitions,
      awsCalls: recorded.awsCalls.length <= one.aims.awsCalls,
      readUnits: counted.readUnits <= one.aims.readUnits,
      writeUnits: counted.writeUnits <= one.aims.writeUnits,
    },
  };
};

/** Of one kind, by the name that the table has for it. @throws Error where there is none */
export const measureEvaluation = (name: string): Promise<EvaluationFigures> => {
  const one = cases.find((known) => known.name === name);
  if (one === undefined) throw new Error(`There is no case "${name}" in the bench.`);
  return measure(one);
};

export const measureEvaluations = async (): Promise<readonly EvaluationFigures[]> => {
  const figures: EvaluationFigures[] = [];
  for (const one of cases) figures.push(await measure(one));
  return figures;
};

export interface DowntimeFigures {
  readonly name: string;
  /** Switched, of the seeds tried: another seed's market may say that staying is better. */
  readonly switches: number;
  readonly medianSeconds: number;
  readonly p95Seconds: number;
  readonly medianTransitions: number;
  readonly medianCustomerCalls: number;
}

const measureDowntime = async (one: Case, seeds: number): Promise<DowntimeFigures> => {
  const switched: { downtime: number; transitions: number; calls: number }[] = [];
  for (let bySeed = 1; bySeed <= seeds; bySeed += 1) {
    const { recorded, record, entered } = await evaluate(await openBenchAccount(bySeed), one);
    if (record.status !== "SWITCHED") continue;
    switched.push({
      downtime: record.downtime_seconds ?? 0,
      transitions: entered.length,
      calls: recorded.awsCalls.filter(({ side }) => side === "customer").length,
    });
  }
  return {
    name: one.name,
    switches: switched.length,
    medianSeconds: quantile(
      switched.map(({ downtime }) => downtime),
      0.5,
    ),
    p95Seconds: quantile(
      switched.map(({ downtime }) => downtime),
      0.95,
    ),
    medianTransitions: quantile(
      switched.map(({ transitions }) => transitions),
      0.5,
    ),
    medianCustomerCalls: quantile(
      switched.map(({ calls }) => calls),
      0.5,
    ),
  };
};

/** How long each kind of switch is without service by its record, over the markets and clouds of the seeds 1 to `seeds`. */
export const measureDowntimes = async (seeds: number): Promise<readonly DowntimeFigures[]> => {
  const figures: DowntimeFigures[] = [];
  const switches = cases.filter(({ aims }) => aims === evaluationAims.switch);
  for (const one of [...switches, ...manyVolumes]) {
    figures.push(await measureDowntime(one, seeds));
  }
  return figures;
};
